"""A results file that cannot be written stops the run and spoils nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmark_run import WITHOUT_TRAINING, result
from command import Run


@pytest.mark.slow
def test_a_full_disk_stops_the_run_and_spoils_nothing(run: Run, tmp_path: Path) -> None:
    options = ("-p", "full_disk", "--results", str(tmp_path), "--backend", "fakes:Sound")
    done = run(*WITHOUT_TRAINING, *options, LENET_TEST_WRITES="1")
    assert done.returncode == 2, done.stdout + done.stderr
    said = " ".join((done.stdout + done.stderr).split())
    assert "cannot be written (No space left on device); what it held before is still there." in said
    assert "go on with --resume" in said
    assert "Traceback" not in said
    assert [b["extra_info"]["kind"] for b in result(tmp_path)["benchmarks"]] == ["agreement"]


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_to_is_said_before_anything_is_measured(run: Run) -> None:
    done = run(*WITHOUT_TRAINING, "--results", "/proc/none", "--backend", "fakes:Sound")
    assert done.returncode == 2
    assert "Results cannot be written to /proc/none/" in " ".join(done.stdout.split())
    assert "choose another place with --results." in " ".join(done.stdout.split())
    assert "Traceback" not in done.stdout + done.stderr
    assert "1 passed" not in done.stdout
