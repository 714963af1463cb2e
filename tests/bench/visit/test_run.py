"""A slice ends in time, loses no step and repeats none."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from bench.visit import run as running
from bench.visit.plan import Step
from bench.visit.run import STATE, run_slice
from bench.visit.state import DONE, FAILED, INTERRUPTED, TRIES, State
from command import ROOT, SUPPORT, kill_with_children

Take = Callable[..., State]


@pytest.fixture
def take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Take:
    """Take a slice of the visit in ``tmp_path``; the state that it leaves on disk."""
    monkeypatch.setenv("PYTHONPATH", str(SUPPORT))
    monkeypatch.setattr(running, "LEAST_SECONDS", 0.0)

    folder = tmp_path / "visit"
    folder.mkdir()

    def take(*steps: Step, seconds: float = 30.0) -> State:
        state = State.resumed(folder / STATE, {})
        run_slice(steps, state, folder, time.monotonic() + seconds, lambda what: None)
        return State.resumed(folder / STATE, {})

    return take


def step(tmp_path: Path, name: str, seconds: float = 0, code: int = 0, **more: object) -> Step:
    return Step(name, ("steps", str(tmp_path / "log"), str(seconds), str(code), name), **more)  # type: ignore[arg-type]


def taken(tmp_path: Path) -> list[str]:
    """What the steps were given, in order."""
    log = tmp_path / "log"
    return log.read_text().splitlines() if log.exists() else []


def test_steps_are_taken_in_order_and_once(take: Take, tmp_path: Path) -> None:
    steps = [step(tmp_path, "a"), step(tmp_path, "b", code=1, fine=(0, 1))]
    state = take(*steps)
    assert [progress.status for progress in state.steps.values()] == [DONE, DONE]
    assert [progress.exit_code for progress in state.steps.values()] == [0, 1]
    take(*steps)
    assert taken(tmp_path) == ["0 0 a", "0 1 b"]


def test_what_fails_is_tried_again_but_not_for_ever_and_stops_no_other(take: Take, tmp_path: Path) -> None:
    steps = [step(tmp_path, "a", code=3), step(tmp_path, "b")]
    for _ in range(TRIES + 2):
        state = take(*steps)
    assert (state.steps["a"].status, state.steps["a"].exit_code, state.steps["a"].tries) == (FAILED, 3, TRIES)
    assert taken(tmp_path).count("0 3 a") == TRIES
    assert taken(tmp_path).count("0 0 b") == 1


def test_the_deadline_stops_a_step_which_goes_on_in_the_next_slice(take: Take, tmp_path: Path) -> None:
    slow = step(tmp_path, "a", seconds=60, resuming=("--resume",))
    begun = time.monotonic()
    state = take(slow, step(tmp_path, "b"), seconds=2.0)
    assert time.monotonic() - begun < 2.0 + running.GRACE_SECONDS
    assert state.steps["a"].status == INTERRUPTED
    assert "b" not in state.steps
    assert not [p for p in psutil.Process().children() if "steps" in p.cmdline()]
    take(step(tmp_path, "a", resuming=("--resume",)))
    assert taken(tmp_path) == ["60 0 a", "0 0 a --resume"]


@pytest.mark.parametrize("continues", [True, False])
@pytest.mark.parametrize("stores", [True, False])
def test_a_step_that_no_slice_has_time_for_is_given_up_unless_it_stores_something_to_continue_from(
    take: Take, tmp_path: Path, continues: bool, stores: bool
) -> None:
    steps = step(tmp_path, "a", seconds=60, continues=continues), step(tmp_path, "b")
    result = tmp_path / "visit" / "result.json"
    result.write_text("{}")
    (tmp_path / "log").touch()
    for number in range(1, TRIES + 2):
        before = threading.Timer(0.5, result.write_text, [json.dumps({"benchmarks": [{}] * number * stores})])
        before.start()
        state = take(*steps, seconds=1.0)
        before.join()
    going_on = continues and stores
    assert state.steps["a"].status == (INTERRUPTED if going_on else FAILED)
    assert len([line for line in taken(tmp_path) if line.endswith("a")]) == TRIES + going_on
    assert ("0 0 b" in taken(tmp_path)) is not going_on
    assert state.steps["a"].over is not going_on


def test_a_step_that_left_nothing_to_resume_begins_anew(take: Take, tmp_path: Path) -> None:
    take(step(tmp_path, "a", seconds=60, resuming=("--resume",)), seconds=1.0)
    take(step(tmp_path, "a", code=running.USAGE_ERROR, resuming=("--resume",)))
    assert taken(tmp_path)[1:] == ["0 4 a --resume", "0 4 a"]


def test_no_step_is_begun_without_time_for_it(take: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "LEAST_SECONDS", 60.0)
    assert take(step(tmp_path, "a"), seconds=30.0).steps == {}


def test_output_is_kept_in_the_steps_log(take: Take, tmp_path: Path) -> None:
    take(Step("version", ("platform",)))
    assert "Linux" in (tmp_path / "visit" / "version.log").read_text()


PROGRAM = """
import sys, time
from pathlib import Path
from bench.visit.plan import Step
from bench.visit.run import STATE, run_slice
from bench.visit.state import State
folder = Path(sys.argv[1]) / "visit"
folder.mkdir()
state = State.resumed(folder / STATE, {})
steps = [Step("a", ("steps", str(folder.parent / "log"), "60", "0"))]
run_slice(steps, state, folder, time.monotonic() + 60, print)
"""


def test_after_kill_9_the_step_is_known_to_be_cut_off_and_its_process_is_gone(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(SUPPORT)])}
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path)], env=env, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 120
        while not taken(tmp_path):
            assert time.monotonic() < until, "the step was not begun"
            time.sleep(0.05)
        [worker] = [p for p in psutil.Process(process.pid).children() if "steps" in p.cmdline()]
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    finally:
        if process.poll() is None:
            kill_with_children(process.pid)
    psutil.wait_procs([worker], timeout=10)
    assert not worker.is_running()
    stored = json.loads((tmp_path / "visit" / STATE).read_text())
    assert stored["steps"]["a"]["status"] == INTERRUPTED
    assert stored["steps"]["a"]["seconds"] == 0
