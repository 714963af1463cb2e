"""``pytest bench/``: load the benchmarks' plugins."""

from __future__ import annotations

import pytest

from bench.base.blas import one_thread
from bench.base.system import unsupported

one_thread()


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    # Under --pyargs bench.parity this file is met as well, after the conformance kit has brought its own options.
    if sentence := unsupported():
        raise pytest.UsageError(sentence)
    if not pluginmanager.has_plugin("bench.pytest_plugin.conformance"):
        pluginmanager.import_plugin("bench.pytest_plugin.hooks")
        pluginmanager.import_plugin("bench.pytest_plugin.fixtures")
