"""What defects of several rungs are made of."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import numpy as np

from fakes import Sound
from impls.reference import network
from impls.reference.rounding import MANTISSA_BITS, rounded
from impls.spec import Params

Array = np.ndarray


class Patched(Sound):
    """Computes with some functions of the reference replaced."""

    @staticmethod
    def patches() -> dict[str, Any]:
        raise NotImplementedError

    def log_probs(self, images: Array) -> Array:
        with patch.multiple(network, **self.patches()):
            return super().log_probs(images)

    def activations(self, images: Array) -> dict[str, Array]:
        with patch.multiple(network, **self.patches()):
            return super().activations(images)

    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        with patch.multiple(network, **self.patches()):
            return super().exact_loss_and_grads(images, labels)


def bfloat16(x: Array) -> Array:
    """Rounded to bfloat16."""
    return rounded(x, MANTISSA_BITS["bf16"])
