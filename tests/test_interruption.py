"""Runs that end before their time: no process outlives them, nothing measured is lost, and they can be gone on with."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from conftest import ROOT, Run
from filelock import FileLock

from bench import whole_file

BENCH = (
    "pytest",
    "bench",
    "--benchmark-only",
    "--quick",
    "--device",
    "cpu",
    "--synthetic",
    "400",
    "-k",
    "not training",
)


def result(folder: Path) -> dict[str, Any]:
    """The one results file under a folder."""
    [path] = folder.glob("*/*.json")
    return json.loads(path.read_text())


@contextlib.contextmanager
def running(folder: Path, backend: str, **env: str) -> Iterator[subprocess.Popen[str]]:
    """A benchmark run that is under way."""
    command = [sys.executable, "-m", *BENCH, "--results", str(folder), "--backend", backend]
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
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
    resume = (*BENCH, "--results", str(tmp_path), "--backend", "fakes:WaitsForAFile", "--resume")
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


def test_only_what_was_lost_is_measured_again(run: Run, tmp_path: Path) -> None:
    go = tmp_path / "go"
    command = (*BENCH, "--results", str(tmp_path), "--backend", "fakes:Sound", "--backend", "fakes:NeedsAFile")
    assert run(*command, LENET_TEST_GO=str(go)).returncode == 1
    before = result(tmp_path)["benchmarks"]
    go.touch()
    assert run(*command, "--resume", LENET_TEST_GO=str(go)).returncode == 0
    after = result(tmp_path)
    assert after["benchmarks"][: len(before)] == before
    missing = [b["name"] for b in after["benchmarks"][len(before) :]]
    assert missing == ["test_epoch[fakes:NeedsAFile]", "test_evaluation[fakes:NeedsAFile]"]
    assert [list(block["courses"]) for block in after["blocks"]] == [["pytorch:eager", "fakes:NeedsAFile"]]


def test_a_run_of_other_code_is_not_gone_on_with(run: Run, tmp_path: Path) -> None:
    done = run(*BENCH, "--results", str(tmp_path), "--backend", "nosuch.module:Thing")
    assert done.returncode == 1
    [path] = tmp_path.glob("*/*.json")
    content = json.loads(path.read_text())
    assert not content["run"]["complete"]
    path.write_text(json.dumps(content | {"run": content["run"] | {"code": "0123"}}))
    done = run(*BENCH, "--results", str(tmp_path), "--backend", "nosuch.module:Thing", "--resume")
    assert done.returncode == 4
    assert f"The code has changed since {path} was written" in done.stderr
    path.write_text(path.read_text()[:500])
    done = run(*BENCH, "--results", str(tmp_path), "--backend", "nosuch.module:Thing", "--resume")
    assert done.returncode == 4
    assert f"{path} is not a readable results file" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


# --- disks that cannot be written to --------------------------------------------------------------------------


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    """The kernel refuses to write on, after half of it."""
    path = tmp_path / "results.json"
    whole_file.write(path, "as it was")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            whole_file.write(path, 10_000 * "x")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_text() == "as it was"
    assert [p.name for p in tmp_path.iterdir()] == ["results.json"]


def test_a_full_disk_stops_the_run_and_spoils_nothing(run: Run, tmp_path: Path) -> None:
    options = ("-p", "full_disk", "--results", str(tmp_path), "--backend", "fakes:Sound")
    done = run(*BENCH, *options, LENET_TEST_WRITES="1")
    assert done.returncode == 2, done.stdout + done.stderr
    said = " ".join((done.stdout + done.stderr).split())
    assert "cannot be written (No space left on device); what it held before is still there." in said
    assert "go on with --resume" in said
    assert "Traceback" not in said
    assert [b["extra_info"]["kind"] for b in result(tmp_path)["benchmarks"]] == ["agreement"]


def test_a_folder_that_cannot_be_written_to_is_said_before_anything_is_measured(run: Run) -> None:
    done = run(*BENCH, "--results", "/proc/none", "--backend", "fakes:Sound")
    assert done.returncode == 2
    assert "Results cannot be written to /proc/none/" in " ".join(done.stdout.split())
    assert "choose another place with --results." in " ".join(done.stdout.split())
    assert "Traceback" not in done.stdout + done.stderr
    assert "1 passed" not in done.stdout


def test_a_second_run_on_one_machine_is_refused(run: Run, tmp_path: Path) -> None:
    with FileLock(tmp_path / "lock"):
        done = run(*BENCH, "--results", str(tmp_path), "--backend", "fakes:Sound", LENET_LOCK=str(tmp_path / "lock"))
    assert done.returncode == 2
    said = " ".join(done.stdout.split())
    assert "Another measurement is under way on this machine (another process) and both would be spoilt" in said
    assert not list(tmp_path.glob("*/*.json"))
