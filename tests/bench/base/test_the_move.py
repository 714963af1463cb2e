"""Stored runs survived the move into folders: the code before it and the code after it have the same digest.

Both are read from the repository's history, so that this stays true whatever becomes of the code.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest

from command import ROOT, finished

BEFORE = "7a4c5697bf1d71f1b957611e46f217de85460577"
"""The commit before the move."""

MODULES = {
    "impls.pytorch": "impls.pytorch.eager",
    "impls.pytorch_compile": "impls.pytorch.compile",
    "impls.pytorch_cudagraph": "impls.pytorch.cudagraph",
    "impls.pytorch_lecture": "impls.pytorch.lecture",
    "impls.pytorch_tuned": "impls.pytorch.tuned",
    "impls.flax_nnx": "impls.flax.nnx",
    "impls.flax_tuned": "impls.flax.tuned",
    "impls.reference": "impls.reference.backend",
}
"""Every backend's module before and after."""

SHARED = ("impls.initial", "impls.order", "impls.recipe")
LINE = (
    *("impls.adam_state", "impls.contract", "impls.data", "impls.errors", "impls.many", "impls.registry"),
    *("impls.precision", "impls.probe", "impls.torch_probe", "impls.jax_probe"),
)
"""What counted and what did not, by the names before."""

OLD = "import sys, impls, impls.native; from bench.measure.code import code_digest; print(code_digest(sys.argv[1]))"
NEW = """
import json, sys
from bench.base.code_digest import code_digest
print(code_digest(sys.argv[1], **json.loads(sys.argv[2])))
"""
"""Programs that print a digest, the old one and the new one."""


def git(*args: str) -> bytes:
    try:
        return subprocess.run(["git", "-C", str(ROOT), *args], capture_output=True, check=True, timeout=120).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(f"this copy has no history back to {BEFORE}; a full clone has")


def extract(commit: str, folder: Path, *paths: str) -> Path:
    """A commit's files below these paths, in a folder."""
    with tarfile.open(fileobj=BytesIO(git("archive", commit, *paths))) as tar:
        tar.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Backends and results before the move."""
    return extract(BEFORE, tmp_path_factory.mktemp("before"), "impls", "results")


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The harness before the move."""
    return extract(BEFORE, tmp_path_factory.mktemp("harness"), "bench")


@pytest.fixture(scope="module")
def after(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Backends and results after it: the work tree until the move is committed."""
    added = git("log", "--reverse", "--diff-filter=A", "--format=%H", f"{BEFORE}..", "--", "impls/pytorch/eager.py")
    moved = added.decode().split()
    return extract(moved[0], tmp_path_factory.mktemp("after"), "impls", "results") if moved else ROOT


def printed(program: str, *args: str, path: Sequence[Path]) -> str:
    """What a program prints that finds its modules in these folders, in this order."""
    command, env = [sys.executable, "-c", program, *args], {"PYTHONPATH": os.pathsep.join(map(str, path))}
    done = finished(command, cwd=path[0], env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def digest(module: str, backends: Path, **more: tuple[str, ...]) -> str:
    """The new digest of a module among backends that are anywhere."""
    return printed(NEW, module, json.dumps(more), path=[backends, ROOT])


def runs_in(tree: Path) -> dict[Path, str]:
    """The digest of every stored run, by its place."""
    paths = [*tree.glob("results/*/runs/**/seed-*.json"), *tree.glob("results/lecture/**/run.json")]
    return {path.relative_to(tree): json.loads(path.read_text())["code"] for path in paths}


@pytest.mark.slow
@pytest.mark.parametrize("old", MODULES)
def test_it_changed_no_definition(before: Path, after: Path, old: str) -> None:
    """Syntax trees are the same to the letter, but for imports of ours and annotations of arguments."""
    assert digest(MODULES[old], after) == digest(old, before, shared=SHARED, line=LINE)


@pytest.mark.slow
@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the old digest was another one on every Python")
def test_it_took_every_stored_run_along(before: Path, harness: Path, after: Path) -> None:
    """Each was stored with the old digest of the code that trained it, and has the new digest of the same code now."""
    new_of = {printed(OLD, old, path=[before, harness]): digest(new, after) for old, new in MODULES.items()}
    stored, now = runs_in(before), runs_in(after)
    assert len(stored) == 143
    assert {place: new_of[code] for place, code in stored.items()} == {place: now[place] for place in stored}
