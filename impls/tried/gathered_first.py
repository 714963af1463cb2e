"""The tuned kernels on batches that were gathered before."""

from __future__ import annotations

from typing import ClassVar

from impls.pytorch.eager import PyTorch
from impls.pytorch.tuned import PyTorchTuned


class GatheredFirst(PyTorchTuned):
    """``pytorch:tuned``, but each batch's images are copied to one place first, as every other formulation does.

    Prediction: slower, for a batch is 1.2 MB that are read from all over memory, written, and read again.
    """

    variants: ClassVar[tuple[str, ...]] = ("gathered-first",)

    _train_steps = PyTorch._train_steps
