"""Check, kit and `time` work where no framework is installed, and say what is missing where one is asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.parity.rungs import RUNGS
from benchmark_run import result
from command import ROOT, SUPPORT
from command_output import said

pytestmark = pytest.mark.slow

LENET_BENCH = ("-c", "import lenet_parity_start; lenet_parity_start.lenet_bench()")
MADE_UP = ("--synthetic", "400", "--device", "cpu", "--threads", "1")


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, where it finds no framework."""
    path = os.pathsep.join(map(str, (SUPPORT / "without_frameworks", ROOT, SUPPORT)))
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("name", ["torch", "torchvision.datasets", "jax", "flax.nnx", "optax"])
def test_no_framework_is_found_here(tmp_path: Path, name: str) -> None:
    done = python(tmp_path, "-c", f"import numpy, {name}")
    assert f"No module named '{name.partition('.')[0]}'" in done.stderr


def test_a_backend_is_checked(tmp_path: Path) -> None:
    done = python(tmp_path, *LENET_BENCH, "check", "fakes:Sound", *MADE_UP)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Equivalent: all {len(RUNGS)} rungs agree" in done.stdout


def test_accuracies_are_compared_with_the_reference(tmp_path: Path) -> None:
    done = python(tmp_path, *LENET_BENCH, "check", "fakes:Sound", "--seeds", "2", "--epochs", "1", *MADE_UP)
    assert done.returncode in (0, 3), done.stdout + done.stderr  # two seeds of so short a training settle little
    assert "reference:float32" in done.stdout


def test_the_kit_runs(tmp_path: Path) -> None:
    kit = ("-m", "pytest", "--pyargs", "lenet_parity_conformance", "-p", "no:cacheprovider")
    done = python(tmp_path, *kit, "--backend", "fakes:Sound", *MADE_UP)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(RUNGS)} passed" in done.stdout


def test_a_backend_is_timed_beside_the_reference_and_a_numpy_loop(tmp_path: Path) -> None:
    done = python(tmp_path, *LENET_BENCH, "time", "fakes:Sound", "--quick", *MADE_UP)
    assert done.returncode == 0, done.stdout + done.stderr
    why = "Compared with reference:float32, not pytorch:eager: torch and torchvision are not installed."
    assert why in said(done)
    assert "× reference:float32" in done.stdout
    rows = [benchmark["extra_info"] for benchmark in result(tmp_path / "results")["benchmarks"]]
    timed = [row for row in rows if row["kind"] != "agreement"]
    assert {(row["backend"], row["kind"]) for row in timed} == {
        (backend, kind) for backend in ("reference", "fakes:Sound") for kind in ("first epoch", "epoch", "evaluation")
    }
    assert {row["control"] for row in timed} == {"NumPy loop"}
    assert all(min(row["control_seconds"]) > 0 for row in timed)
    ratios = {row["backend"]: set(row["ratios"]) for row in timed if row["kind"] == "epoch"}
    assert ratios == {"reference": set(), "fakes:Sound": {"reference:float32"}}


@pytest.mark.parametrize("command", ["check", "time"])
@pytest.mark.parametrize(
    ("name", "packages"),
    [("flax", "jax, flax and optax"), ("pytorch:lecture", "torch and torchvision")],
)
def test_a_missing_framework_is_a_sentence_that_names_it(
    tmp_path: Path, command: str, name: str, packages: str
) -> None:
    done = python(tmp_path, *LENET_BENCH, command, name, *MADE_UP)
    assert done.returncode == 2
    install = packages.replace(",", "").replace(" and", "")
    assert f"needs {packages}, not installed here; install with `pip install {install}`." in said(done)
    assert "Traceback" not in done.stdout + done.stderr


def test_a_backend_of_ones_own_that_needs_one_is_told_which(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("import torch\n")
    done = python(tmp_path, *LENET_BENCH, "check", "mine:Mine", *MADE_UP)
    assert done.returncode == 2
    assert "No module named 'torch'); install torch, or put its folder on PYTHONPATH." in said(done)


def test_figures_that_cannot_be_drawn_are_known_before_training(tmp_path: Path) -> None:
    done = python(tmp_path, *LENET_BENCH, "lecture", "--backend", "fakes:Sound", *MADE_UP)
    assert done.returncode == 2
    assert "figures need matplotlib, not installed here; `pip install matplotlib`." in said(done)
    assert not (tmp_path / "results").exists()


def test_a_benchmark_run_of_nothing_is_a_sentence(tmp_path: Path) -> None:
    done = python(tmp_path, "-m", "pytest", str(ROOT / "bench"), "--benchmark-only", *MADE_UP)
    assert done.returncode == 4
    assert "There is nothing to measure here (pytorch:eager: torch and torchvision are not installed;" in said(done)
    assert "name a backend with --backend." in said(done)
