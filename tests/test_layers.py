"""Imports go one way: the linter's contracts hold here, and each breaks where a wrong import is planted."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from command import ROOT, finished

PLANTED = {
    "an upward import in bench": ("bench/base/files.py", "import bench.report.pages", "bench-layers"),
    "an upward import in impls": ("impls/spec/order.py", "import impls.data.cache", "impls-layers"),
    "one framework from the other": ("impls/flax/layout.py", "import impls.pytorch.many", "impls-layers"),
    "the harness from an implementation": ("impls/registry.py", "import bench.base.machine", "impls-not-bench"),
    "PyTorch in the contract": ("impls/contract/backend.py", "import torch", "torch"),
    "torchvision in the harness": ("bench/base/splits.py", "import torchvision.datasets", "torch"),
    "JAX in the registry": ("impls/registry.py", "import jax.numpy", "jax"),
    "two files that import each other": ("bench/timing/block.py", "import bench.timing.schedule", "no-circles"),
    "the pitfalls from the simulation": ("bench/pitfalls/words.py", "import bench.simulation.ratios", "bench-layers"),
    "a module loose at bench's root": ("bench/loose.py", "", "bench-layers"),
    "a module loose at impls' root": ("impls/loose.py", "", "impls-layers"),
}
"""Where, what is added there, and the contract that it breaks."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The code and its contracts, to be spoilt."""
    for package in ("impls", "bench"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken(tree: Path, *options: str) -> str:
    """What `lint-imports` says of a tree; empty where every contract holds."""
    lint = Path(sys.executable).with_name("lint-imports")
    command = [str(lint), "--no-logo", "--no-cache", *options]
    done = finished(command, cwd=tree)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout if done.returncode else ""


def test_all_contracts_hold(copy: Path) -> None:
    assert not broken(copy)


@pytest.mark.parametrize("planted", PLANTED)
def test_a_wrong_import_breaks_its_contract(copy: Path, planted: str) -> None:
    place, line, contract = PLANTED[planted]
    path = copy / place
    path.write_text(f"{path.read_text() if path.exists() else ''}\n{line}\n")
    said = broken(copy, "--contract", contract)
    assert "1 broken" in said
    assert Path(place).stem in said
