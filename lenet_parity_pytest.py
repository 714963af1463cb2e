"""What every pytest run loads where this package is installed: nothing, unless it asks for the conformance kit.

``pytest --pyargs bench.parity --backend my_package.my_module:MyBackend`` works from anybody's repository. Its
options are added only then, so that they are in no other project's way; nor is anything of this package imported
before, for another project may have a ``bench`` of its own.
"""

from __future__ import annotations

import pytest


def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    if "--pyargs" in args and any(arg.startswith("bench.parity") for arg in args):
        early_config.pluginmanager.import_plugin("bench.pytest_plugin.conformance")
