"""A run does not begin without its data or while another one is under way."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from benchmark_run import WITHOUT_TRAINING
from command import Run


@pytest.mark.slow
def test_data_that_cannot_be_had_stops_the_run(run: Run, tmp_path: Path) -> None:
    (tmp_path / "float32-v1").mkdir()
    done = run("pytest", "bench", "--benchmark-only", "--root", str(tmp_path), "--results", str(tmp_path / "r"))
    assert done.returncode == 2
    assert "no readable manifest" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.slow
def test_a_second_run_on_one_machine_is_refused(run: Run, tmp_path: Path) -> None:
    with FileLock(tmp_path / "lock", timeout=10):
        done = run(
            *WITHOUT_TRAINING, "--results", str(tmp_path), "--backend", "fakes:Sound", LENET_LOCK=str(tmp_path / "lock")
        )
    assert done.returncode == 2
    said = " ".join(done.stdout.split())
    assert "Another measurement is under way on this machine (another process) and both would be spoilt" in said
    assert not list(tmp_path.glob("*/*.json"))
