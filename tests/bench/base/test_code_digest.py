"""The digest of a backend's code: prose does not count, what it imports does, what is installed does not."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from bench.base.code_digest import code_digest

BACKEND = "import numpy\nfrom digest_layers import relu\n\n\ndef forward(x):\n    return relu(x)\n"
LAYERS = "def relu(x):\n    return max(x, 0)\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "digest_backend.py").write_text(BACKEND)
    (tmp_path / "digest_layers.py").write_text(LAYERS)
    importlib.invalidate_caches()
    return tmp_path


def test_prose_does_not_count(folder: Path) -> None:
    before = code_digest("digest_backend")
    (folder / "digest_backend.py").write_text('"""A docstring."""\n# and a comment\n' + BACKEND)
    assert code_digest("digest_backend") == before


def test_code_counts(folder: Path) -> None:
    before = code_digest("digest_backend")
    (folder / "digest_backend.py").write_text(BACKEND.replace("relu(x)", "relu(x) + 1"))
    assert code_digest("digest_backend") != before


def test_a_module_beside_it_counts(folder: Path) -> None:
    before = code_digest("digest_backend")
    (folder / "digest_layers.py").write_text(LAYERS.replace("0", "1"))
    assert code_digest("digest_backend") != before


def test_cpp_beside_it_counts(folder: Path) -> None:
    (folder / "kernel.h").write_text("int one() { return 1; }")
    before = code_digest("digest_backend")
    (folder / "kernel.h").write_text("int one() { return 2; }")
    assert code_digest("digest_backend") != before
