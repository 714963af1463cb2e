"""A run that is interrupted or killed leaves no process behind and keeps what it has measured."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from benchmark_run import WITHOUT_TRAINING, result
from command import Run
from under_way import started

pytestmark = pytest.mark.slow

WAITS = (*WITHOUT_TRAINING, "--backend", "fakes:WaitsForAFile")


@pytest.mark.parametrize(
    ("number", "ignoring"), [(signal.SIGINT, ("INT",)), (signal.SIGTERM, ()), (signal.SIGTERM, ("INT", "HUP"))]
)
def test_a_run_that_is_interrupted_keeps_what_it_had(
    tmp_path: Path, number: signal.Signals, ignoring: tuple[str, ...]
) -> None:
    options = ("--results", str(tmp_path))
    with started(*WAITS, *options, ignoring=ignoring, LENET_TEST_GO=str(tmp_path / "never")) as run:
        run.wait_for(lambda: run.has_child("sh"))
        if "HUP" in ignoring:
            run.process.send_signal(signal.SIGHUP)  # the terminal is gone, and the run goes on
        output = run.end(number)
    assert run.returncode == 128 + number, output
    assert output.count(f"Ended by {number.name}; everything stored before is kept.") == 1
    assert "Traceback" not in output
    assert [b["extra_info"]["kind"] for b in result(tmp_path)["benchmarks"]] == ["agreement"]
    assert not result(tmp_path)["run"]["complete"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_that_was_ended_is_resumed(run: Run, tmp_path: Path, number: signal.Signals) -> None:
    """What it has is kept to the bit, what is missing is measured, and then there is nothing left to resume."""
    go, command = tmp_path / "go", (*WAITS, "--results", str(tmp_path))
    with started(*command, LENET_TEST_GO=str(go)) as first:
        first.wait_for(lambda: first.has_child("sh"))
        first.end(number)
    before = result(tmp_path)
    assert [b["name"] for b in before["benchmarks"]] == ["test_agreement[fakes:WaitsForAFile]"]
    go.touch()
    listed = run(*command, "--resume", "--collect-only", LENET_TEST_GO=str(go))
    assert listed.returncode == 0, listed.stdout + listed.stderr
    assert result(tmp_path) == before, "listing what is left does not finish a run"
    done = run(*command, "--resume", LENET_TEST_GO=str(go))
    assert done.returncode == 0, done.stdout + done.stderr
    after = result(tmp_path)
    assert after["benchmarks"][0] == before["benchmarks"][0]
    assert [b["extra_info"]["kind"] for b in after["benchmarks"]] == ["agreement", "first epoch", "epoch", "evaluation"]
    assert after["run"]["complete"]
    again = run(*command, "--resume", LENET_TEST_GO=str(go))
    assert again.returncode == 4
    assert "There is no unfinished run with these options in" in again.stderr
    assert "start one without --resume." in again.stderr
