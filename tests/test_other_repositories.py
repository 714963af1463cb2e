"""The suite works in a repository with folders named like ours and files named like Python's own modules."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.base import launch
from bench.parity.rungs import RUNGS
from command import ROOT

LENET_BENCH = ("-c", "import lenet_parity_start; lenet_parity_start.lenet_bench()")
"""What the installed command does."""

HIDES = "raise RuntimeError('a file of the repository was imported in place of a module of Python or of the suite')\n"

BACKEND = """
from impls.reference.backend import Reference


class Mine(Reference):
    name = "mine"
    variants = ("float32",)

    def __init__(self, *, variant="float32", device="cpu", precision="fp32"):
        super().__init__(variant=variant, device=device, precision=precision)
"""

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A repository with its own `bench`, `impls` and `tests`, and files that could hide modules of Python's own."""
    for package in ("bench", "impls", "tests"):
        folder = tmp_path / package
        folder.mkdir()
        (folder / "__init__.py").write_text("")
        (folder / "own.py").write_text("OWN = 1\n")
    for name in ("statistics", "code", "runpy", "socket"):
        (tmp_path / f"{name}.py").write_text(HIDES)
    (tmp_path / "my_backend.py").write_text(BACKEND)
    (tmp_path / "needs_theirs.py").write_text("from bench.own import OWN\n" + BACKEND)
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = "-q"\n')
    return tmp_path


@pytest.fixture
def there(theirs: Path) -> Command:
    """Run Python in that repository, with the suite importable from elsewhere."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [sys.executable, "-P", *arguments],
            cwd=theirs,
            env=env,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )

    return run


@pytest.mark.slow
def test_check_finds_a_backend_in_the_current_folder_and_the_suites_own_modules(there: Command) -> None:
    done = there(*LENET_BENCH, "check", "my_backend:Mine", "--synthetic", "400", "--device", "cpu")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Equivalent: all {len(RUNGS)} rungs agree" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("kit", ["lenet_parity_conformance", "bench.parity"])
def test_the_kit_runs_under_either_name(there: Command, kit: str) -> None:
    options = ("-p", "no:cacheprovider", "--synthetic", "400", "--device", "cpu")
    done = there("-m", "pytest", "--pyargs", kit, "--backend", "my_backend:Mine", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(RUNGS)} passed" in done.stdout


@pytest.mark.slow
def test_a_backend_that_needs_a_bench_of_its_own_is_told_what_to_do(there: Command) -> None:
    done = there(*LENET_BENCH, "check", "needs_theirs:Mine", "--synthetic", "400", "--device", "cpu")
    assert done.returncode == 2
    said = " ".join(done.stderr.split())
    assert "The module needs_theirs does not import: bench.own is not part of this suite" in said
    assert "move what it needs to a package of another name" in said
    assert "Traceback" not in done.stdout + done.stderr


def test_a_process_that_holds_another_bench_is_refused(there: Command) -> None:
    program = "import sys; sys.path.insert(0, ''); import bench.own, lenet_parity_start as s; s.claim_names()"
    done = there("-c", program)
    assert done.returncode == 1
    assert "One process cannot hold both: rename yours" in done.stderr


PRINTS_MODULES = """
import bench, impls, json, my_backend, statistics, sys
print(json.dumps([module.__file__ for module in (bench, impls, my_backend, statistics)]))
print(sys.argv)
"""


def test_a_started_module_sees_ours_then_pythons_then_the_current_folder(theirs: Path) -> None:
    (theirs / "prints_modules.py").write_text(PRINTS_MODULES)
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = launch.command("prints_modules", "--an-option", "x")
    done = subprocess.run(command, cwd=theirs, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    modules, arguments = done.stdout.splitlines()
    assert arguments == f"['{theirs / 'prints_modules.py'}', '--an-option', 'x']"
    found = [Path(each) for each in json.loads(modules)]
    assert found[:3] == [ROOT / "bench" / "__init__.py", ROOT / "impls" / "__init__.py", theirs / "my_backend.py"]
    assert ROOT not in found[3].parents
    assert theirs not in found[3].parents


def test_no_process_is_started_in_another_way() -> None:
    """Python would put the current folder, or a script's own, before everything else."""
    places = [path for folder in ("bench", "impls") for path in (ROOT / folder).rglob("*.py")]
    starting = {path.relative_to(ROOT).as_posix() for path in places if "sys.executable" in path.read_text()}
    assert starting == {"bench/base/launch.py"}


def test_a_script_does_not_see_the_modules_beside_it(tmp_path: Path) -> None:
    (tmp_path / "statistics.py").write_text(HIDES)
    (tmp_path / "main.py").write_text("import statistics; print(statistics.__file__)\n")
    done = subprocess.run(launch.script(tmp_path / "main.py"), capture_output=True, text=True, timeout=60, check=True)
    assert str(tmp_path) not in done.stdout
