"""Ways to run pytest in which a benchmark run would measure everything and store nothing; they are refused."""

from __future__ import annotations

import os

import pytest

SHOWS_ONLY = ("help", "markers", "showfixtures", "show_fixtures_per_test", "collectonly", "setupplan")
"""Options by which pytest shows something and runs no test."""

BENCHMARK = ("benchmark", "pytest_benchmark.plugin")
"""pytest-benchmark's names: loaded by pytest itself, or with ``-p`` where the user's own plugins are left out."""


def ensure_measuring(config: pytest.Config) -> None:
    """Refuse a mode that would throw away what is measured.

    Raises:
        pytest.UsageError: this is such a mode; the sentence says what to leave out.
    """
    if not runs_no_test(config) and (why := _refused(config)):
        raise pytest.UsageError(f"{why}, so this run would store nothing of what it measures.")


def runs_no_test(config: pytest.Config) -> bool:
    """Whether pytest was asked to show something, e.g. with ``--collect-only``."""
    return any(config.getoption(name, False) for name in SHOWS_ONLY)


def _refused(config: pytest.Config) -> str | None:
    """What speaks against this run, the main clause of a sentence; None for a good run."""
    option = config.getoption
    if not any(config.pluginmanager.has_plugin(name) for name in BENCHMARK):
        return "Leave out -p no:benchmark: pytest-benchmark writes the results"
    if option("benchmark_disable", False) and not option("benchmark_enable", False):
        return "Leave out --benchmark-disable: it turns measuring off"
    if option("benchmark_skip", False) and not option("benchmark_only", False):
        return "Leave out --benchmark-skip: it skips the benchmarks"
    if option("setuponly", False):
        return "Leave out --setup-only: it runs no test"
    if option("dist", "no") != "no" or option("numprocesses", None):
        return "Leave out -n and --dist: measurements must not run side by side, and pytest-xdist turns them off"
    if "PYTEST_XDIST_WORKER" in os.environ:
        return "Start benchmarks outside a pytest-xdist worker (PYTEST_XDIST_WORKER is set), which turns them off"
    return None
