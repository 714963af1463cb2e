"""A command that is under way: wait until it has come far enough, send it a signal, and see how it ends."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence

import psutil
import pytest

from command import ROOT, kill_with_children, with_fakes


class UnderWay:
    """Use it as `started` gives it.

    Args:
        process: the command, its output in a file.
    """

    def __init__(self, process: subprocess.Popen[bytes], output: tempfile._TemporaryFileWrapper[bytes]) -> None:  # type: ignore[name-defined]
        self.process, self._output = process, output

    @property
    def returncode(self) -> int | None:
        """As `subprocess` has it: negative where a signal killed it."""
        return self.process.returncode

    def said(self) -> str:
        """What it has written so far, to both streams."""
        self._output.seek(0)
        return self._output.read().decode(errors="replace")

    def children(self) -> list[psutil.Process]:
        """All processes that it has started, and they, and so on."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def has_child(self, name: str) -> bool:
        """Whether one of them is of this name."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return any(_named(child, name) for child in self.children())
        return False

    def wait_for(self, done: Callable[[], object], seconds: float = 240) -> None:
        """Wait until something is true; the test fails where the time is up or the command ends before."""
        deadline = time.monotonic() + seconds
        while not done():
            if self.process.poll() is not None:
                pytest.fail(f"it ended too early, with exit code {self.returncode}; it said:\n{self.said()}")
            if time.monotonic() > deadline:
                pytest.fail(f"it did not come that far within {seconds:g} s; it said:\n{self.said()}")
            time.sleep(0.05)

    def end(self, number: signal.Signals, seconds: float = 60) -> str:
        """Send a signal and wait for the end; what it said in all. No process of its own may outlive it."""
        started = self.children()
        self.process.send_signal(number)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            pytest.fail(f"it did not end within {seconds:g} s of {number.name}; it said:\n{self.said()}")
        _, alive = psutil.wait_procs(started, timeout=10)
        left = [child for child in alive if child.status() != psutil.STATUS_ZOMBIE]
        for child in left:
            child.kill()
        assert left == []
        return self.said()


def _named(process: psutil.Process, name: str) -> bool:
    try:
        return process.name() == name
    except psutil.NoSuchProcess:  # ended since it was listed
        return False


@contextlib.contextmanager
def started(*args: str, ignoring: Sequence[str] = (), **env: str) -> Iterator[UnderWay]:
    """Start ``python -m ...`` from the repository, with the tests' fakes importable; it ends with the block.

    Args:
        args: the module and its arguments.
        ignoring: signals that it ignores from its start, e.g. "INT", as a shell's ``&`` and ``nohup`` have it.
        env: variables that are set beside those of the environment.
    """
    command = [sys.executable, "-m", *args]
    if ignoring:
        command = ["sh", "-c", f"trap '' {' '.join(ignoring)}; exec \"$@\"", "sh", *command]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=ROOT, env=with_fakes(**env), stdout=output, stderr=output)
        try:
            yield UnderWay(process, output)
        finally:
            kill_with_children(process.pid)
            process.wait(30)
