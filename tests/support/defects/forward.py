"""Backends that compute other activations or log-probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np

from defects.base import Array, Patched, bfloat16
from fakes import Sound
from impls.reference import network
from impls.reference.rounding import in_precision
from impls.spec import Params


class ReturnsLogits(Sound):
    def log_probs(self, images: Array) -> Array:
        return network.forward(self.params, images)[1]["fc3"].astype(np.float32)


class TransposesImages(Sound):
    def log_probs(self, images: Array) -> Array:
        return super().log_probs(images.transpose(0, 1, 3, 2))

    def activations(self, images: Array) -> dict[str, Array]:
        return {}


class PadsSame(Patched):
    """The first convolution's windows begin outside the image, as SAME padding has it."""

    @staticmethod
    def patches() -> dict[str, Any]:
        conv = network.conv

        def same(x: Array, *args: Any) -> Array:
            padded = np.pad(x, ((0, 0), (0, 0), (2, 0), (2, 0)))[:, :, :32, :32]
            return conv(padded if x.shape[1] == 3 else x, *args)

        return {"conv": same}


class FlipsKernels(Patched):
    @staticmethod
    def patches() -> dict[str, Any]:
        conv = network.conv
        return {"conv": lambda x, weight, *args: conv(x, weight[..., ::-1, ::-1], *args)}


class MissesAReLU(Patched):
    @staticmethod
    def patches() -> dict[str, Any]:
        relu = network.relu
        return {"relu": lambda x: x if x.shape[-1] == 120 else relu(x)}


class AveragePools(Patched):
    @staticmethod
    def patches() -> dict[str, Any]:
        pool = network.max_pool
        return {"max_pool": lambda x: (network.windows(x).mean(axis=-1), pool(x)[1])}


class FlattensChannelsLast(Sound):
    """Reads fc1's weights as if its inputs were flattened channels last."""

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        weight = self.params["fc1.weight"].reshape(120, 5, 5, 16)
        self.turned = self.params | {"fc1.weight": weight.transpose(0, 3, 1, 2).reshape(120, 400)}

    def log_probs(self, images: Array) -> Array:
        return network.forward(self.turned, images)[0].astype(np.float32)

    def activations(self, images: Array) -> dict[str, Array]:
        return {"fc1": network.forward(self.turned, images)[1]["fc1"].astype(np.float32)}


class GivesActivationsAfterReLU(Sound):
    def activations(self, images: Array) -> dict[str, Array]:
        return {name: np.maximum(value, 0) for name, value in super().activations(images).items()}


class GivesActivationsOfAnotherImage(Sound):
    def activations(self, images: Array) -> dict[str, Array]:
        return super().activations(images[::-1])


class NaiveLogSoftmax(Patched):
    @staticmethod
    def patches() -> dict[str, Any]:
        def naive(x: Array) -> Array:
            with np.errstate(all="ignore"):
                return np.log(np.exp(x) / np.exp(x).sum(axis=1, keepdims=True))

        return {"log_softmax": naive}


class HalfPrecisionInside(Sound):
    def log_probs(self, images: Array) -> Array:
        half = {name: value.astype(np.float16) for name, value in self.params.items()}
        return network.forward(half, images)[0].astype(np.float32)

    def activations(self, images: Array) -> dict[str, Array]:
        return {}


class UsesTF32(Sound):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.matmul = in_precision("tf32", np.matmul)


class UsesBFloat16(Sound):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.matmul = in_precision("bf16", np.matmul)


class ComputesInFloat32(Sound):
    """A track of a lower precision that rounds no product."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.matmul = np.matmul


class KeepsDropoutAtEvaluation(Sound):
    rng = np.random.default_rng(0)

    def log_probs(self, images: Array) -> Array:
        return super().log_probs(images * self.rng.binomial(1, 0.9, images.shape).astype(np.float32))

    def activations(self, images: Array) -> dict[str, Array]:
        return {}


class LogSoftmaxInBFloat16(Patched):
    @staticmethod
    def patches() -> dict[str, Any]:
        log_softmax = network.log_softmax
        return {"log_softmax": lambda x: bfloat16(log_softmax(x))}


class CapsActivationsAt6(Patched):
    """ReLU6 for ReLU."""

    @staticmethod
    def patches() -> dict[str, Any]:
        return {"relu": lambda x: np.clip(x, 0, 6)}
