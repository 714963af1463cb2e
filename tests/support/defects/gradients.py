"""Backends that compute other gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from defects.base import Array, Patched
from fakes import Sound
from impls.reference import network
from impls.spec import Params


class SumsTheGradient(Sound):
    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().exact_loss_and_grads(images, labels)
        return value, {name: grad * len(labels) for name, grad in grads.items()}


class _ChangesGradients(Sound):
    def change(self, grads: Params) -> Params:
        raise NotImplementedError

    def loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().loss_and_grads(images, labels)
        return value, self.change(grads)


class ExportsGradientsChannelsLast(_ChangesGradients):
    """Right going forward, wrong in what it reports of fc1's gradient."""

    def change(self, grads: Params) -> Params:
        turned = grads["fc1.weight"].reshape(120, 16, 25).transpose(0, 2, 1).reshape(120, 400)
        return grads | {"fc1.weight": turned.copy()}


class AddsUpGradients(_ChangesGradients):
    """Nobody sets them to zero."""

    sums: Params | None = None

    def change(self, grads: Params) -> Params:
        self.sums = grads if self.sums is None else {name: grad + self.sums[name] for name, grad in grads.items()}
        return self.sums


class DetachesABias(_ChangesGradients):
    def change(self, grads: Params) -> Params:
        return grads | {"conv2.bias": np.zeros_like(grads["conv2.bias"])}


class SendsTiesToTheLast(Patched):
    @staticmethod
    def patches() -> dict[str, Any]:
        pool = network.max_pool
        return {"max_pool": lambda x: (pool(x)[0], 3 - network.windows(x)[..., ::-1].argmax(axis=-1))}


class SplitsTies(Patched):
    @staticmethod
    def patches() -> dict[str, Any]:
        def share(x: Array) -> tuple[Array, Array]:
            cells = network.windows(x)
            tied = cells == cells.max(axis=-1, keepdims=True)
            return cells.max(axis=-1), tied / tied.sum(axis=-1, keepdims=True)

        def backward(d: Array, shares: Array) -> Array:
            n, c, h, w = d.shape
            cells = (d[..., None] * shares).astype(d.dtype).reshape(n, c, h, w, 2, 2)
            return cells.transpose(0, 1, 2, 4, 3, 5).reshape(n, c, 2 * h, 2 * w)

        return {"max_pool": share, "max_pool_backward": backward}


class HalvesTheGradientAtZero(Sound):
    """The derivative of max(x, 0) at 0 as some frameworks have it."""

    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        log_probs, a = network.forward(self.params, images)
        above = {
            name: np.where(value == 0, np.float32(1e-30), value) if name.startswith(("conv", "fc")) else value
            for name, value in a.items()
        }
        both = [network.backward(self.params, each, labels) for each in (a, above)]
        return network.loss(log_probs, labels), {name: (both[0][name] + both[1][name]) / 2 for name in both[0]}
