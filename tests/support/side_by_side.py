"""Tests under pytest-xdist: each of its processes, and all that it starts, keeps to one core."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

VARIABLE = "PYTEST_XDIST_WORKER"
_all: set[int] = set()
"""The cores of before, where `begin` took one of them."""


def begin() -> None:
    """Take a core by this process' number among xdist's, and hide xdist from the processes that tests start.

    Programs with several threads on the same cores slow one another down many times over. Runs that measure refuse to
    start within xdist; those that tests start are of the machinery, and nobody reads their figures.
    """
    worker = os.environ.pop(VARIABLE, "")
    if not worker.startswith("gw") or not hasattr(os, "sched_setaffinity"):
        return
    _all.update(os.sched_getaffinity(0))
    cores = sorted(_all)
    os.sched_setaffinity(0, {cores[int(worker.removeprefix("gw")) % len(cores)]})


@contextmanager
def all_cores() -> Iterator[None]:
    """Give a test that is about several cores all of them."""
    if not _all:
        yield
        return
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, _all)
    try:
        yield
    finally:
        os.sched_setaffinity(0, own)
