"""The conformance kit: ``pytest --pyargs lenet_parity_conformance --backend my_package.my_module:MyBackend``.

The same tests as ``bench.parity``, under a name that no other repository has.
"""

from bench.parity.test_conformance import test_rung

__all__ = ["test_rung"]
