"""A run that is interrupted or killed leaves no process behind and keeps what it has measured."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from benchmark_run import WITHOUT_TRAINING, result
from command import ROOT, SUPPORT, Run

pytestmark = pytest.mark.slow


@contextlib.contextmanager
def running(folder: Path, backend: str, **env: str) -> Iterator[subprocess.Popen[str]]:
    """A benchmark run that is under way."""
    command = [sys.executable, "-m", *WITHOUT_TRAINING, "--results", str(folder), "--backend", backend]
    path = os.pathsep.join([str(ROOT), str(SUPPORT)])
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def wait_for(done: Callable[[], object], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 120
    while not done():
        assert time.monotonic() < deadline
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        time.sleep(0.1)


def children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def named(process: psutil.Process, name: str) -> bool:
    try:
        return process.name() == name
    except psutil.NoSuchProcess:  # ended since it was listed
        return False


def end(run: subprocess.Popen[str], number: signal.Signals) -> str:
    """End a run while a worker hangs in a process of its own; what it said. No process may outlive it."""
    wait_for(lambda: any(named(child, "sh") for child in children(run)), run)
    started = children(run)
    run.send_signal(number)
    output, _ = run.communicate(timeout=60)
    _, alive = psutil.wait_procs(started, timeout=10)
    assert [child for child in alive if child.status() != psutil.STATUS_ZOMBIE] == []
    return output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_interrupted_keeps_what_it_had(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path, "fakes:WaitsForAFile", LENET_TEST_GO=str(tmp_path / "never")) as run:
        output = end(run, number)
    assert run.returncode == 2, output
    assert [b["extra_info"]["kind"] for b in result(tmp_path)["benchmarks"]] == ["agreement"]
    assert not result(tmp_path)["run"]["complete"]


def test_a_run_that_was_killed_is_gone_on_with(run: Run, tmp_path: Path) -> None:
    """What it has is kept to the bit, what is missing is measured, and then there is nothing to go on with."""
    go = tmp_path / "go"
    with running(tmp_path, "fakes:WaitsForAFile", LENET_TEST_GO=str(go)) as first:
        end(first, signal.SIGKILL)
    before = result(tmp_path)
    assert [b["name"] for b in before["benchmarks"]] == ["test_agreement[fakes:WaitsForAFile]"]
    go.touch()
    resume = (*WITHOUT_TRAINING, "--results", str(tmp_path), "--backend", "fakes:WaitsForAFile", "--resume")
    done = run(*resume, LENET_TEST_GO=str(go))
    assert done.returncode == 0, done.stdout + done.stderr
    after = result(tmp_path)
    assert after["benchmarks"][0] == before["benchmarks"][0]
    assert [b["extra_info"]["kind"] for b in after["benchmarks"]] == ["agreement", "first epoch", "epoch", "evaluation"]
    assert after["run"]["complete"]
    again = run(*resume, LENET_TEST_GO=str(go))
    assert again.returncode == 4
    assert "There is no unfinished run with these options in" in again.stderr
    assert "start one without --resume." in again.stderr
