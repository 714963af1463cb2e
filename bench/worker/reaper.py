"""What ends the workers when their parent can no longer: a process that waits for the parent's death.

A parent that is killed outright runs no clean-up of its own, and a worker may have started processes of its own. So a
small process is told of every worker and otherwise waits on a pipe from the parent; when that closes, however it
comes about, it kills the process group of every worker that is still there. It costs no time: it sleeps.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
from functools import cache

from bench.base import launch


class Reaper:
    """The parent's handle on it; one serves all workers of a process."""

    def __init__(self) -> None:
        self._groups: set[int] = set()
        self._lock = threading.Lock()  # workers that run side by side are each started by a thread
        self._process = subprocess.Popen(
            launch.command("bench.worker.reaper"),
            stdin=subprocess.PIPE,
            start_new_session=True,  # a signal to the terminal's or the parent's group must not reach it
            text=True,
            bufsize=1,
        )
        atexit.register(self._dismiss)

    def watch(self, group: int) -> None:
        """Kill this process group when the parent is gone."""
        with self._lock:
            self._groups.add(group)
            self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """This process group has ended."""
        with self._lock:
            self._groups.discard(group)
            self._tell(f"-{group}\n")

    def end_all(self) -> None:
        """Kill every group that is watched, now; whoever waits for an answer from one learns that it is gone."""
        with self._lock:
            kill(self._groups)

    def _tell(self, line: str) -> None:
        assert self._process.stdin
        with contextlib.suppress(OSError):  # somebody killed it: then the parent must do without
            self._process.stdin.write(line)

    def _dismiss(self) -> None:
        with contextlib.suppress(OSError):
            self._process.communicate()


@cache
def reaper() -> Reaper:
    """This process's own, started when first asked for."""
    return Reaper()


def main() -> None:
    """Wait for the end of standard input, then kill every group that was named and not taken back."""
    groups: set[int] = set()
    for line in sys.stdin:
        (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
    kill(groups)


def kill(groups: set[int]) -> None:
    """Kill process groups, as far as they are there."""
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
