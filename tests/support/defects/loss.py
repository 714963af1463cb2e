"""Backends that compute another loss."""

from __future__ import annotations

import numpy as np

from defects.base import Array, bfloat16
from fakes import Sound
from impls.spec import Params


class SumsTheLoss(Sound):
    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().exact_loss_and_grads(images, labels)
        return value * len(labels), {name: grad * len(labels) for name, grad in grads.items()}


class DividesByTheUsualBatch(Sound):
    """The mean of a short batch is taken over as many images as a whole one has."""

    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().exact_loss_and_grads(images, labels)
        self.usual = getattr(self, "usual", len(labels))
        share = len(labels) / self.usual
        return value * share, {name: (grad * share).astype(grad.dtype) for name, grad in grads.items()}


class SmoothsLabels(Sound):
    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().exact_loss_and_grads(images, labels)
        return 0.9 * value - 0.1 * float(self.log_probs(images).mean()), grads


class LossInBFloat16(Sound):
    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().exact_loss_and_grads(images, labels)
        return float(bfloat16(np.array([value]))[0]), grads
