"""The options of pytest-xdist, for ``-p as_xdist`` where that is not installed. Nothing is distributed."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    if pluginmanager.hasplugin("xdist"):
        return
    group = parser.getgroup("xdist")
    group._addoption("-n", dest="numprocesses", type=int)
    group._addoption("--dist", default="no")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """As xdist has it."""
    if config.option.numprocesses and config.option.dist == "no":
        config.option.dist = "load"
