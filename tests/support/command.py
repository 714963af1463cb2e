"""Run the suite from outside, as a user's shell does. Whatever is run has a time limit."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
"""Of the repository."""

SUPPORT = Path(__file__).parent
"""The folder of the tests' fakes; on PYTHONPATH they can be named as anybody's backends are, ``fakes:Sound``."""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def run_module(*args: str, timeout: float = 300, **env: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m ...`` from the repository, with the tests' fakes importable.

    Args:
        args: the module and its arguments.
        timeout: seconds, after which it and all its children are killed and the test fails.
        env: variables that are set beside those of the environment.
    """
    return finished([sys.executable, "-m", *args], timeout=timeout, env=with_fakes(**env))


def with_fakes(**env: str) -> dict[str, str]:
    """The environment with the repository and the tests' fakes importable, and with other variables."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(SUPPORT)]), **env}


def finished(
    command: Sequence[str | Path], *, cwd: Path = ROOT, env: dict[str, str] | None = None, timeout: float = 300
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end.

    Its output goes to files: a pipe would be read to the end of every process that has it, and that may be a child
    that never ends.

    Args:
        command: the program and its arguments.
        cwd: where it runs.
        env: all its variables; None for those of this process.
        timeout: seconds, after which it and all its children are killed and the test fails.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, cwd=cwd, env=env, stdout=out, stderr=err)
        in_time = True
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            in_time = False
        finally:
            kill_with_children(process.pid)
            process.wait(30)
        said = [_text(file) for file in (out, err)]
    words = " ".join(map(str, command))
    if not in_time:
        pytest.fail(f"{words} did not end within {timeout:g} s; it said:\n{said[0]}\n{said[1]}")
    return subprocess.CompletedProcess(words, process.returncode, *said)


def kill_with_children(pid: int) -> None:
    """Kill a process, if it is there, and all that it has started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for each in [*process.children(recursive=True), process]:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()


def _text(file: tempfile._TemporaryFileWrapper[bytes]) -> str:  # type: ignore[name-defined]
    file.seek(0)
    return file.read().decode(errors="replace")
