"""What third parties import: names that stay, and old names that say where theirs are now."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import impls
from command import ROOT, finished

STAY = {
    "impls.contract": ("Activity", "AdamState", "Backend", "ManySeeds", "Probe"),
    "impls.data": ("Split", "data_root", "load", "prepare"),
    "impls.errors": ("BackendError", "DeviceUnavailableError", "LenetError", "PrecisionUnavailableError"),
    "impls.spec": (
        *("ACTIVATION_SHAPES", "CLASSES", "IMAGE_SHAPE", "PARAMETER_SHAPES", "PARAMETERS_TOTAL", "Params"),
        *("ADAM_BETA1", "ADAM_BETA2", "ADAM_EPSILON", "LECTURE", "RECIPES", "Recipe"),
        *("epoch_order", "initial_params"),
    ),
    "impls.pytorch.probe": ("TorchProbe",),
    "impls.flax.probe": ("JaxProbe",),
}
"""By module, the names that the guide shows."""

MOVED = {
    "from impls.many import ManySeeds": "impls.contract",
    "from impls.adam_state import AdamState": "impls.contract",
    "from impls.probe import Probe": "impls.contract",
    "from impls.recipe import ADAM_EPSILON": "impls.spec",
    "from impls.initial import initial_params": "impls.spec",
    "from impls import order": "impls.spec",
    "import impls.torch_probe": "impls.pytorch.probe",
    "from impls import jax_probe": "impls.flax.probe",
}
"""As people wrote it, and where it is now."""


def imported(statement: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a statement as a third party would: in a folder of its own, with this project installed."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", statement]
    return finished(command, cwd=folder, env=env)


@pytest.mark.slow
@pytest.mark.parametrize("module", STAY)
def test_names_that_the_guide_shows_are_there(module: str, tmp_path: Path) -> None:
    done = imported(f"from {module} import {', '.join(STAY[module])}", tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("statement", MOVED)
def test_an_old_name_says_the_new_one(statement: str, tmp_path: Path) -> None:
    done = imported(statement, tmp_path)
    assert done.returncode == 1
    assert f"has moved: import its names from {MOVED[statement]}." in done.stderr


def test_every_new_place_is_there() -> None:
    assert len(impls.MOVED) > 20
    for old, place in impls.MOVED.items():
        assert not list((ROOT / "impls").glob(f"{old}.py"))
        for module in place.split(" and "):
            assert find_spec(module), module


def test_a_name_that_never_was_is_still_unknown(tmp_path: Path) -> None:
    assert "No module named 'impls.nosuch'" in imported("import impls.nosuch", tmp_path).stderr
