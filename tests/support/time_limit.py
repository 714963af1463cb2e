"""A time limit for every test: one that waits for ever fails, and its traceback shows where it waited.

A pytest plugin, loaded by ``tests/conftest.py``. The limit is no demand on speed: a test that comes near it hangs.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
from collections.abc import Generator
from types import FrameType
from typing import Any

import pytest

SECONDS = float(os.environ.get("LENET_TEST_LIMIT", "900"))
"""For each of a test's three parts: its fixtures, the test itself, and their end."""

GRACE_SECONDS = 60.0
"""What hangs in compiled code, where no handler runs, ends the whole session so much later, with all tracebacks."""

_terminal = -1


def pytest_configure(config: pytest.Config) -> None:
    global _terminal
    _terminal = os.dup(sys.__stderr__.fileno() if sys.__stderr__ else 2)  # before pytest captures it


def _up(number: int, frame: FrameType | None) -> None:
    pytest.fail(f"still waiting after {SECONDS:g} s")


def _limited() -> Generator[None, Any, Any]:
    before = signal.signal(signal.SIGALRM, _up)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    faulthandler.dump_traceback_later(SECONDS + GRACE_SECONDS, exit=True, file=_terminal)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, Any, Any]:
    return (yield from _limited())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, Any, Any]:
    return (yield from _limited())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, Any, Any]:
    return (yield from _limited())
