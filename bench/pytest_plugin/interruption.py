"""A pytest run that SIGINT, SIGTERM or SIGHUP ends, with 128 and the signal's number as its exit code."""

from __future__ import annotations

import sys

import pytest

from bench.base.signals import Handlers

HANDLERS = pytest.StashKey[Handlers]()


def begin(config: pytest.Config) -> None:
    """Have signals end this run from now on; to be called from a ``pytest_configure``."""
    if not config.pluginmanager.has_plugin(__name__):
        config.pluginmanager.register(sys.modules[__name__], __name__)  # pytest then calls the hook below


def pytest_configure(config: pytest.Config) -> None:
    config.stash[HANDLERS] = Handlers()
    config.stash[HANDLERS].install()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Replace pytest's 2, which an interrupted run shares with one that could not begin."""
    interrupted = session.config.stash[HANDLERS].interrupted
    if interrupted and exitstatus == pytest.ExitCode.INTERRUPTED:
        session.exitstatus = interrupted.exit_code


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[HANDLERS].restore()
