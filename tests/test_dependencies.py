"""The code imports what a bare GPU image has; what that may lack is imported in one place, which does without."""

from __future__ import annotations

import ast
import re
import sys
import tomllib

from command import ROOT

BARE = {
    *("torch", "torchvision", "jax", "flax", "optax", "numpy", "scipy", "PIL"),
    *("pytest", "pytest_benchmark", "cpuinfo"),  # the last comes with the one before
    *("rich", "typer", "psutil", "pynvml", "filelock", "tabulate", "matplotlib", "safetensors"),
}
"""By the names that are imported."""

DONE_WITHOUT = {"jsonschema": "bench/results/schema.py"}
"""Where it is missing, results files are validated where they are merged."""

PAGE_ONLY = {"jinja2", "markupsafe"}
"""The extra `report`: imported where `results/index.html` is drawn, and nowhere else."""


CODE = ("bench/**/*.py", "impls/**/*.py", "lenet_parity_pytest.py")


def imported(*patterns: str) -> dict[str, set[str]]:
    """Packages of other people, and the files that import them; by default in the code itself."""
    found: dict[str, set[str]] = {}
    for path in (path for pattern in patterns or CODE for path in ROOT.glob(pattern)):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                found.setdefault(name.partition(".")[0], set()).add(path.relative_to(ROOT).as_posix())
    ours = {*sys.stdlib_module_names, "bench", "impls", "lenet_parity_pytest", "lenet_parity_start"}
    return {name: where for name, where in found.items() if name not in ours}


def test_nothing_is_imported_that_a_bare_image_lacks() -> None:
    found = imported()
    assert {"torch", "jax", "pynvml"} <= found.keys()
    assert found.keys() - BARE - PAGE_ONLY == set(DONE_WITHOUT)


def test_what_may_be_missing_is_imported_in_one_place() -> None:
    found = imported()
    assert {name: found[name] for name in DONE_WITHOUT} == {name: {place} for name, place in DONE_WITHOUT.items()}


FRAMEWORKS = {"torch", "torchvision", "jax", "flax", "optax"}
FIGURES_ONLY = {"matplotlib"}
"""Imported where figures are drawn, and nowhere else."""


def test_the_kits_list_names_all_but_frameworks_and_what_only_figures_need() -> None:
    lines = [line for line in (ROOT / "kit-requirements.txt").read_text().splitlines() if line[:1].isalpha()]
    names = {
        "PIL": "pillow",
        "pynvml": "nvidia-ml-py",
        "pytest_benchmark": "pytest-benchmark",
        "cpuinfo": "py-cpuinfo2",
    }
    needed = (imported().keys() & BARE) - FRAMEWORKS - FIGURES_ONLY
    assert {line.partition(">=")[0] for line in lines} == {names.get(name, name) for name in needed}
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert set(lines) <= set(declared), "with the same versions as the package itself"


def test_what_the_tests_import_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extra = {re.split(r"[<>=\[]", line)[0] for line in project["optional-dependencies"]["dev"]}
    helpers = {path.stem for path in (ROOT / "tests" / "support").iterdir()} | {"examples", "tests"}
    found = imported("tests/**/*.py", "examples/*.py").keys() - helpers - BARE - DONE_WITHOUT.keys() - PAGE_ONLY
    names = {"markdown_it": "markdown-it-py", "yaml": "pyyaml"}
    assert "markdown_it" in found
    assert {names.get(name, name) for name in found} <= extra


def test_the_lock_needs_a_filelock_that_follows_no_link() -> None:
    """From 3.20.1 on it opens its file with O_NOFOLLOW (CVE-2025-68146); a link may be planted after any check."""
    [line] = [line for line in (ROOT / "kit-requirements.txt").read_text().splitlines() if "filelock" in line]
    name, _, least = line.partition(">=")
    assert (name, tuple(map(int, least.split(".")))) >= ("filelock", (3, 20, 1))


def test_what_only_figures_need_is_imported_there() -> None:
    places = {place.rpartition("/")[0] for name in FIGURES_ONLY for place in imported()[name]}
    assert places == {"bench/report/plots"}


def test_what_only_the_results_page_needs_is_imported_there() -> None:
    places = {place.rpartition("/")[0] for name in PAGE_ONLY for place in imported()[name]}
    assert places == {"bench/report/site"}


def test_the_list_of_a_bare_image_names_it_all() -> None:
    """`bare-image.txt` is what `make bare` installs to try it on."""
    listed = {
        line.partition("=")[0] for line in (ROOT / "bare-image.txt").read_text().splitlines() if line[:1].isalpha()
    }
    names = {"PIL": "pillow", "pynvml": "nvidia-ml-py", "pytest_benchmark": "pytest-benchmark"}
    brought = {"numpy", "cpuinfo", "pytest"}  # by others
    assert {names.get(name, name) for name in BARE - brought} == listed
