"""What a digest of code must not see, so that stored runs stay valid, and what it must see all the same."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from bench.base.code_digest import code_digest

BACKEND = """
from __future__ import annotations
import math
from torch.optim import Adam
from invariant.layers import relu, scale

def forward(x: float, names: list[str]) -> float:
    return relu(x) * scale(f"{x:.{len(names)}f} and {names!r}") + math.pi
"""
LAYERS = """
def relu(x):
    return max(x, 0)

def scale(text):
    return len(text) or None
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A third party's package with a backend and what it imports."""
    monkeypatch.syspath_prepend(str(tmp_path))
    folder = tmp_path / "invariant"
    folder.mkdir()
    (folder / "__init__.py").touch()
    write(folder, "backend", BACKEND)
    write(folder, "layers", LAYERS)
    return folder


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.py").write_text(text)
    importlib.invalidate_caches()


def digest() -> str:
    return code_digest("invariant.backend")


UNSEEN = {
    "annotations": ("x: float, names: list[str]) -> float", "x, names)"),
    "a docstring": ("    return relu", "    'What it does.'\n    return relu"),
    "an import for annotations": (
        "import math",
        "import math\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from torch import Tensor",
    ),
    "imports in another order": (
        "import math\nfrom torch.optim import Adam",
        "from torch.optim import Adam\nimport math",
    ),
    "an import written on two lines": ("relu, scale", "relu\nfrom invariant.layers import scale"),
    "a relative import": ("from invariant.layers", "from .layers"),
    "what a module offers": ("import math", "import math\n__all__ = ['forward']"),
}
SEEN = {
    "a number": ("math.pi", "math.e"),
    "another thing under the same name": ("import Adam", "import AdamW as Adam"),
    "the same name from another package": ("from torch.optim import Adam", "from elsewhere import Adam"),
    "one of ours under another's name": ("relu, scale", "scale as relu, relu as scale"),
    "a format": (".{len(names)}f}", ".{len(names)}e}"),
    "a conversion": ("{names!r}", "{names!s}"),
    "a default": ("names: list[str])", "names: list[str] = ())"),
    "what follows when types are not checked": (
        "import math",
        "import math\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\nelse:\n    math.pi = 3",
    ),
}
"""By what is changed: the text before, and after."""


@pytest.mark.parametrize("change", UNSEEN)
def test_what_computes_nothing_does_not_count(package: Path, change: str) -> None:
    before = digest()
    assert UNSEEN[change][0] in BACKEND
    write(package, "backend", BACKEND.replace(*UNSEEN[change]))
    assert digest() == before


@pytest.mark.parametrize("change", SEEN)
def test_what_computes_something_counts(package: Path, change: str) -> None:
    before = digest()
    assert SEEN[change][0] in BACKEND
    write(package, "backend", BACKEND.replace(*SEEN[change]))
    assert digest() != before


def test_a_definition_may_stand_in_another_file(package: Path) -> None:
    before = digest()
    relu, scale = LAYERS.split("def scale")
    write(package, "layers", relu)
    write(package, "scaling", "def scale" + scale)
    write(package, "backend", BACKEND.replace("relu, scale", "relu\nfrom invariant.scaling import scale"))
    assert digest() == before


def test_a_package_may_hand_on_what_its_files_define(package: Path) -> None:
    before = digest()
    (package / "layers.py").unlink()
    (package / "layers").mkdir()
    write(package / "layers", "basic", LAYERS)
    write(package / "layers", "__init__", "from .basic import relu, scale\n\n__all__ = ['relu', 'scale']\n")
    assert digest() == before


def test_nothing_is_imported_to_be_read(package: Path) -> None:
    write(package, "layers", LAYERS + "\nraise SystemExit\n")
    assert digest()
