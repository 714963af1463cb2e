"""LeNet on CIFAR-10, once per framework, behind one contract.

Nothing here knows how it is checked or measured (that is ``bench``), and importing this package imports no
framework: each is imported in its own folder, ``impls.pytorch`` and ``impls.flax``, when it is asked for.
"""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder

MOVED = {
    **dict.fromkeys(("adam_state", "many", "probe"), "impls.contract"),
    **dict.fromkeys(("initial", "order", "recipe"), "impls.spec"),
    "cifar10": "impls.data.cifar10",
    "cifar10_1": "impls.data.cifar10_1",
    "flax_layout": "impls.flax.layout",
    "flax_lenet": "impls.flax.network",
    "flax_many": "impls.flax.many",
    "flax_nnx": "impls.flax.nnx and impls.flax.step",
    "flax_tuned": "impls.flax.tuned",
    "jax_probe": "impls.flax.probe",
    "npm_mirror": "impls.data.npm_mirror",
    "precision": "impls.contract.precision",
    "pytorch_compile": "impls.pytorch.compile",
    "pytorch_cudagraph": "impls.pytorch.cudagraph",
    "pytorch_in_place": "impls.pytorch.fixed_addresses",
    "pytorch_lecture": "impls.pytorch.lecture",
    "pytorch_tuned": "impls.pytorch.tuned",
    "rounding": "impls.reference.rounding",
    "synthetic": "impls.data.synthetic",
    "torch_many": "impls.pytorch.many",
    "torch_probe": "impls.pytorch.probe",
}
"""Modules of this package that were called otherwise, and where their names are now."""


class _MovedModules(MetaPathFinder):
    """Asked for a module that nobody else finds; says where to look instead of "No module named ..."."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        package, _, name = fullname.partition(".")
        if package == __name__ and name in MOVED:
            raise ImportError(f"{fullname} has moved: import its names from {MOVED[name]}.", name=fullname)


sys.meta_path.append(_MovedModules())
