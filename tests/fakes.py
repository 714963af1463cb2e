"""Backends that are wrong on purpose, or odd but right. Each is a few lines over a sound one.

The tests name them as anyone names a backend of their own: ``fakes:DropsReLU``.
"""

from __future__ import annotations

import os
import signal
import time
from typing import Any, ClassVar

import numpy as np

from impls import reference
from impls.data import Split
from impls.reference import Adam, Reference
from impls.spec import Params

Array = np.ndarray


class Sound(Reference):
    """The reference in float32: light enough to test the harness with."""

    name: ClassVar[str] = "sound"
    variants: ClassVar[tuple[str, ...]] = ("float32", "float64")

    def __init__(self, *, variant: str = "float32", device: str = "cpu", precision: str = "fp32") -> None:
        super().__init__(variant=variant, device=device, precision=precision)


# --- wrong computations: each must be caught at the rung where it belongs -------------------------------------


class DropsABias(Sound):
    def export_params(self) -> Params:
        return {name: value for name, value in super().export_params().items() if name != "fc3.bias"}


class ReturnsFloat64(Sound):
    def log_probs(self, images: Array) -> Array:
        return super().log_probs(images).astype(np.float64)


class RoundsParameters(Sound):
    def load_params(self, params: Params) -> None:
        super().load_params({name: value.astype(np.float16) for name, value in params.items()})


class SwapsRedAndBlue(Sound):
    def to_device(self, split: Split) -> Split:
        return Split(split.name, split.images[:, ::-1], split.labels, split.fingerprint)


class RepeatsABatch(Sound):
    def read_batch(self, data: Split, indices: Array) -> tuple[Array, Array]:
        self.first = getattr(self, "first", indices)
        return super().read_batch(data, self.first)


class ReturnsLogits(Sound):
    def log_probs(self, images: Array) -> Array:
        return reference.forward(self.params, images)[1]["fc3"].astype(np.float32)


class TransposesImages(Sound):
    def log_probs(self, images: Array) -> Array:
        return super().log_probs(images.transpose(0, 1, 3, 2))


class HalfPrecisionInside(Sound):
    def log_probs(self, images: Array) -> Array:
        half = {name: value.astype(np.float16) for name, value in self.params.items()}
        return reference.forward(half, images)[0].astype(np.float32)


class SumsTheLoss(Sound):
    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().exact_loss_and_grads(images, labels)
        return value * len(labels), {name: grad * len(labels) for name, grad in grads.items()}


class SumsTheGradient(Sound):
    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().exact_loss_and_grads(images, labels)
        return value, {name: grad * len(labels) for name, grad in grads.items()}


class FlattensChannelsLast(Sound):
    """Right going forward (its fc1 is permuted to match), wrong in what it reports of fc1's gradient."""

    def loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().loss_and_grads(images, labels)
        grads["fc1.weight"] = grads["fc1.weight"].reshape(120, 16, 25).transpose(0, 2, 1).reshape(120, 400).copy()
        return value, grads


class SendsTiesToTheLast(Sound):
    """A pooling whose tied maxima send their gradient to the last element and not the first."""

    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        original = reference.max_pool

        def last(x: Array) -> tuple[Array, Array]:
            return original(x)[0], 3 - reference.windows(x)[..., ::-1].argmax(axis=-1)

        reference.max_pool = last
        try:
            return super().exact_loss_and_grads(images, labels)
        finally:
            reference.max_pool = original


class _WithAdam(Sound):
    adam_class: ClassVar[type[Adam]]

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.adam = self.adam_class()


class EpsilonInsideTheRoot(_WithAdam):
    class adam_class(Adam):  # noqa: N801
        def step(self, params: Params, grads: Params, lr: float) -> Params:
            super().step(params, grads, lr)
            root = {n: np.sqrt(self.v[n] / (1 - 0.999**self.steps) + 1e-8) for n in params}
            m_hat = {n: self.m[n] / (1 - 0.9**self.steps) for n in params}
            return {n: (p - lr * m_hat[n] / root[n]).astype(p.dtype) for n, p in params.items()}


class NoBiasCorrection(_WithAdam):
    class adam_class(Adam):  # noqa: N801
        def step(self, params: Params, grads: Params, lr: float) -> Params:
            super().step(params, grads, lr)
            return {n: (p - lr * self.m[n] / (np.sqrt(self.v[n]) + 1e-8)).astype(p.dtype) for n, p in params.items()}


class WeightDecay(_WithAdam):
    class adam_class(Adam):  # noqa: N801
        def step(self, params: Params, grads: Params, lr: float) -> Params:
            after = super().step(params, grads, lr)
            return {n: (value - lr * 0.01 * params[n]).astype(value.dtype) for n, value in after.items()}


class IgnoresTheLearningRate(Sound):
    """Keeps the first rate it is ever given."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        self.rate = getattr(self, "rate", lr)
        return super().train_epoch(data, order, self.rate)


class TenPercentFaster(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        return super().train_epoch(data, order, 1.1 * lr)


class FreezesABias(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        bias = self.params["conv1.bias"].copy()
        losses = super().train_epoch(data, order, lr)
        self.params["conv1.bias"] = bias
        return losses


class KeepsTheOptimizer(Sound):
    """`load_params` forgets to reset the moments."""

    def load_params(self, params: Params) -> None:
        adam = getattr(self, "adam", None)
        super().load_params(params)
        self.adam = adam or self.adam


class ShufflesByItself(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        mixed = np.random.default_rng(0).permutation(order.ravel()).reshape(order.shape)
        return super().train_epoch(data, order if len(order) == 1 else mixed, lr)


class PredictsTheRunnerUp(Sound):
    def predict(self, data: Any) -> Array:
        return np.argsort(reference.forward(self.params, data.images)[0], axis=1)[:, -2]


# --- right, though done otherwise: must never be accused ------------------------------------------------------


class Float64Inside(Sound):
    variants: ClassVar[tuple[str, ...]] = ("float64",)

    def __init__(self, *, variant: str = "float64", device: str = "cpu", precision: str = "fp32") -> None:
        super().__init__(variant="float64", device=device)


class SumsBackwards(Sound):
    """Products summed in four parts, from the last to the first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

        def backwards(a: Array, b: Array) -> Array:
            parts = np.array_split(np.arange(a.shape[1]), 4)
            return sum((a[:, part] @ b[part] for part in parts[:0:-1]), a[:, parts[0]] @ b[parts[0]])

        self.matmul = backwards


# --- broken machinery: each must end in one sentence ----------------------------------------------------------


class _OnTheSecondEpoch(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        losses = super().train_epoch(data, order, lr)
        self.whole = getattr(self, "whole", 0) + (len(order) == len(data) // 100)
        # The ladder comes first, in a process of its own, and trains one whole epoch of made-up data there.
        return self.misbehave(losses) if self.whole >= 3 else losses

    def misbehave(self, losses: Array) -> Array:
        raise NotImplementedError


class Raises(_OnTheSecondEpoch):
    def misbehave(self, losses: Array) -> Array:
        raise RuntimeError("the kernel\nfell over")


class Dies(_OnTheSecondEpoch):
    def misbehave(self, losses: Array) -> Array:
        print("about to die", flush=True)
        os.abort()


class RunsOutOfMemory(_OnTheSecondEpoch):
    """As the kernel ends a process that asked for too much."""

    def misbehave(self, losses: Array) -> Array:
        os.kill(os.getpid(), signal.SIGKILL)
        return losses


class Hangs(_OnTheSecondEpoch):
    def misbehave(self, losses: Array) -> Array:
        time.sleep(3600)
        return losses


class LosesItself(_OnTheSecondEpoch):
    def misbehave(self, losses: Array) -> Array:
        return np.where(np.arange(len(losses)) == 1, np.nan, losses)


class WrongShape(_OnTheSecondEpoch):
    def misbehave(self, losses: Array) -> Array:
        return losses[:-1]


class NotABackend:
    pass


class Sleeps(Sound):
    """An epoch that takes 0.2 s and trains nothing."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        time.sleep(0.2)
        return np.zeros(len(order), np.float32)
