"""Tests under pytest-xdist: each of its processes, and all that it starts, keeps to one core."""

from __future__ import annotations

import os

VARIABLE = "PYTEST_XDIST_WORKER"


def begin() -> None:
    """Take a core by this process' number among xdist's, and hide xdist from the processes that tests start.

    Programs with several threads on the same cores slow one another down many times over. Runs that measure refuse to
    start within xdist; those that tests start are of the machinery, and nobody reads their figures.
    """
    worker = os.environ.pop(VARIABLE, "")
    if not worker.startswith("gw") or not hasattr(os, "sched_setaffinity"):
        return
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[int(worker.removeprefix("gw")) % len(cores)]})
