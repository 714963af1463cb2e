"""Another program at work: a process that keeps cores busy while something is timed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator

from bench.base import launch
from bench.worker.reaper import reaper

MODULE = "bench.pitfalls.spin"


@contextlib.contextmanager
def busy_cores(count: int) -> Iterator[None]:
    """Keep so many cores busy; what does it is gone afterwards, also if this process is killed."""
    started: list[subprocess.Popen[bytes]] = []
    try:
        for _ in range(count):
            process = subprocess.Popen(launch.command(MODULE), start_new_session=True)
            started.append(process)
            reaper().watch(process.pid)
        yield
    finally:
        for process in started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            reaper().forget(process.pid)
