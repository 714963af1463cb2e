"""What every pytest run loads where this package is installed: nothing, unless it asks for the conformance kit.

``pytest --pyargs lenet_parity_conformance --backend my_package.my_module:MyBackend`` works in anybody's repository, and
so does the kit's older name, ``bench.parity``. Only then are its options added and our packages imported: other
projects may have options and a ``bench`` of their own.
"""

from __future__ import annotations

import pytest

KIT = ("lenet_parity_conformance", "bench.parity")


def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    if "--pyargs" in args and any(arg.startswith(KIT) for arg in args):
        from lenet_parity_start import claim_names

        try:
            claim_names()
        except ImportError as error:
            raise pytest.UsageError(str(error)) from None
        from bench.base.system import unsupported

        if sentence := unsupported():
            raise pytest.UsageError(sentence)
        from bench.base.blas import one_thread

        one_thread()
        early_config.pluginmanager.import_plugin("bench.pytest_plugin.conformance")
