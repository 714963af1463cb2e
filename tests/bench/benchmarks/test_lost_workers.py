"""A backend that is lost, differs or does not import says why and costs nothing but its own rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmark_run import BENCH, result
from command import Run

pytestmark = pytest.mark.slow

LOST = {
    "Raises": "train_epoch raised RuntimeError: the kernel fell over",
    "Dies": "was killed by SIGABRT, saying 'about to die', during train_epoch",
    "RunsOutOfMemory": "was killed by SIGKILL (out of memory, perhaps) during train_epoch",
    "Hangs": "did not finish train_epoch within 15 s and was stopped; allow more with --worker-timeout",
    "Grows": "and was stopped; allow more with --worker-memory",
    "DoesNotWait": "train_epoch returns before its device is idle: reading the parameters right after it takes 0.3 s",
    "LosesItself": "train_epoch returned a loss of nan at step 2 of 4",
    "WrongShape": "train_epoch's result is float32(3,) where float32(4,) in NumPy was agreed",
}


@pytest.fixture(scope="module")
def wounded(run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """A run in which worker after worker is lost, each in another way, and the last is sound."""
    folder = tmp_path_factory.mktemp("wounded")
    backends = [option for fake in (*LOST, "Sound") for option in ("--backend", f"fakes:{fake}")]
    done = run(
        *BENCH,
        *backends,
        "--results",
        str(folder),
        "--worker-timeout",
        "15",
        "--worker-memory",
        "1",
        "-k",
        "not training",
    )
    assert done.returncode == 1
    return result(folder), " ".join((done.stdout + done.stderr).split())


@pytest.mark.parametrize("fake", LOST)
def test_a_lost_worker_says_why(wounded: tuple[dict[str, Any], str], fake: str) -> None:
    content, terminal = wounded
    [lost] = [lost for lost in content["lost"] if lost["name"] == f"test_epoch[fakes:{fake}]"]
    assert LOST[fake] in lost["reason"]
    assert lost["reason"] in terminal
    assert "Traceback" not in terminal


def test_a_lost_worker_costs_nothing_but_its_own_rows(wounded: tuple[dict[str, Any], str]) -> None:
    """Its verdict and its first epoch had been measured before."""
    rows = {(b["extra_info"]["kind"], b["extra_info"]["backend"]) for b in wounded[0]["benchmarks"]}
    missing = {(kind, f"fakes:{fake}") for kind in ("epoch", "evaluation") for fake in LOST}
    kinds = ("agreement", "first epoch", "epoch", "evaluation")
    assert rows == {(kind, f"fakes:{fake}") for kind in kinds for fake in (*LOST, "Sound")} - missing
    assert len(wounded[0]["lost"]) == len(missing)
    assert not wounded[0]["run"]["complete"]


def test_a_backend_that_differs_fails_and_its_rows_say_so(run: Run, tmp_path: Path) -> None:
    options = ["--results", str(tmp_path), "--backend", "defects:NoBiasCorrection"]
    done = run(*BENCH, *options, "-k", "agreement or first_epoch")
    assert done.returncode == 1
    assert "defects:NoBiasCorrection is different, first on the rung 'optimizer':" in " ".join(done.stdout.split())
    outcomes = {b["extra_info"]["kind"]: b["extra_info"] for b in result(tmp_path)["benchmarks"]}
    assert outcomes["agreement"]["outcome"] == "failed"
    assert outcomes["first epoch"]["verdict"] == "different"
    assert outcomes["first epoch"]["first_failed_rung"] == "optimizer"


def test_a_module_that_does_not_import_is_named(run: Run, tmp_path: Path) -> None:
    done = run(*BENCH, "--backend", "nosuch.module:Thing", "--results", str(tmp_path), "-k", "agreement")
    assert done.returncode == 1
    assert "nosuch.module:Thing: The module nosuch.module does not import" in " ".join(done.stdout.split())
    assert "Traceback" not in done.stdout
