"""One slice of a visit: run steps in order until the time is up, and store each as it finishes."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.base import launch
from bench.visit.plan import Step
from bench.visit.progress import stored
from bench.visit.state import DONE, FAILED, INTERRUPTED, TRIES, Progress, State
from bench.worker.reaper import reaper

LEAST_SECONDS = 15.0
"""No step is started with less time left than this: importing a framework alone takes seconds."""

GRACE_SECONDS = 20.0
"""How long a command may take to save its work after SIGTERM, before it is killed."""

STATE = "state.json"
"""The name of the state file, in the visit's folder."""

USAGE_ERROR = 4
"""pytest's exit code for options that it cannot use."""

Say = Callable[[str], None]


def run_slice(steps: Sequence[Step], state: State, folder: Path, deadline: float, say: Say) -> None:
    """Run the steps that are not over, in order, until the deadline. A step that is running then is stopped.

    Args:
        steps: all steps of the visit.
        state: the visit's state; written to disk before and after every step.
        folder: the folder of the visit's own files.
        deadline: when to stop, in seconds on the clock of `time.monotonic`.
        say: called with a line for the user.
    """
    for number, step in enumerate(steps, start=1):
        before = state.steps.get(step.name)
        if before and before.over:
            continue
        if before and before.idle >= TRIES:
            before.status, before.tries = FAILED, max(before.tries, TRIES)
            state.write(folder / STATE)
            say(f"{number} of {len(steps)}: {step.name} is given up: a slice is too short for it; give more --minutes")
            continue
        if deadline - time.monotonic() < LEAST_SECONDS:
            say(f"not enough time left to start {step.name}")
            return
        say(f"{number} of {len(steps)}: {step.name}")
        begun, progress, had = time.monotonic(), _begin(step, state, folder), stored(folder.parent)
        command = [*step.command, *(step.resuming if before else ())]
        code = _run(command, folder / f"{step.name}.log", deadline)
        if before and step.resuming and code == USAGE_ERROR:  # the first try stored nothing to resume from
            code = _run(list(step.command), folder / f"{step.name}.log", deadline)
        progress.seconds += time.monotonic() - begun
        progress.exit_code = code
        progress.status = INTERRUPTED if code is None else DONE if code in step.fine else FAILED
        progress.idle = 0 if step.continues and stored(folder.parent) > had else progress.idle + (code is None)
        state.write(folder / STATE)
        say(f"  {progress.status}{'' if code is None else f', exit code {code}'}, {progress.seconds:.0f} s")


def _begin(step: Step, state: State, folder: Path) -> Progress:
    progress = state.steps.setdefault(step.name, Progress(INTERRUPTED))
    progress.status, progress.tries = INTERRUPTED, progress.tries + 1
    state.write(folder / STATE)
    return progress


def _run(command: list[str], log: Path, deadline: float) -> int | None:
    """Run a command, append its output to a log, and return its exit code; None if it was stopped at the deadline."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as file:
        process = subprocess.Popen(
            launch.command(*command),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        reaper().watch(process.pid)  # stops the command if this process is killed
        try:
            return process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return None
        finally:
            _stop(process)  # at the deadline, and where a signal ends this process
            reaper().forget(process.pid)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a command if it is still running: with SIGTERM, so that it saves its work, and then without asking."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    finally:
        process.kill()
        process.wait()
