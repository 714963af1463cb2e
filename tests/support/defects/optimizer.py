"""Backends whose step is not Adam's."""

from __future__ import annotations

from typing import Any, ClassVar
from unittest.mock import patch

import numpy as np

from defects.base import Array, bfloat16
from defects.gradients import SplitsTies
from fakes import Sound
from impls.contract import AdamState
from impls.reference import adam, network
from impls.reference.adam import Adam
from impls.spec import Params
from own_adam import WithAdam


class EpsilonInsideTheRoot(WithAdam):
    class adam_class(Adam):  # noqa: N801
        def step(self, params: Params, grads: Params, lr: float) -> Params:
            super().step(params, grads, lr)
            root = {n: np.sqrt(self.v[n] / (1 - 0.999**self.steps) + 1e-8) for n in params}
            m_hat = {n: self.m[n] / (1 - 0.9**self.steps) for n in params}
            return {n: (p - lr * m_hat[n] / root[n]).astype(p.dtype) for n, p in params.items()}


class NoBiasCorrection(WithAdam):
    class adam_class(Adam):  # noqa: N801
        def step(self, params: Params, grads: Params, lr: float) -> Params:
            super().step(params, grads, lr)
            return {n: (p - lr * self.m[n] / (np.sqrt(self.v[n]) + 1e-8)).astype(p.dtype) for n, p in params.items()}


class WeightDecay(WithAdam):
    class adam_class(Adam):  # noqa: N801
        def step(self, params: Params, grads: Params, lr: float) -> Params:
            after = super().step(params, grads, lr)
            return {n: (value - lr * 0.01 * params[n]).astype(value.dtype) for n, value in after.items()}


class DecaysALittle(WithAdam):
    class adam_class(Adam):  # noqa: N801
        def step(self, params: Params, grads: Params, lr: float) -> Params:
            after = super().step(params, grads, lr)
            return {n: (value - lr * 1e-4 * params[n]).astype(value.dtype) for n, value in after.items()}


class ClipsGradients(WithAdam):
    class adam_class(Adam):  # noqa: N801
        def step(self, params: Params, grads: Params, lr: float) -> Params:
            norm = np.sqrt(sum(float((grad.astype(np.float64) ** 2).sum()) for grad in grads.values()))
            return super().step(params, {n: grad * grad.dtype.type(min(1, 1 / norm)) for n, grad in grads.items()}, lr)


class StepsInBFloat16(WithAdam):
    """Parameters are float32 until the first step."""

    class adam_class(Adam):  # noqa: N801
        def step(self, params: Params, grads: Params, lr: float) -> Params:
            return {n: bfloat16(value) for n, value in super().step(params, grads, lr).items()}


class _PatchedRecipe(Sound):
    change: ClassVar[dict[str, float]]

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        with patch.multiple(adam, **self.change):
            return super().train_epoch(data, order, lr)


class WrongBeta(_PatchedRecipe):
    change: ClassVar[dict[str, float]] = {"ADAM_BETA2": 0.99}


class EpsilonOfKeras(_PatchedRecipe):
    change: ClassVar[dict[str, float]] = {"ADAM_EPSILON": 1e-7}


class IgnoresTheLearningRate(Sound):
    """Keeps the first rate it is ever given."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        self.rate = getattr(self, "rate", lr)
        return super().train_epoch(data, order, self.rate)


class KeepsTheFirstEpochsRate(Sound):
    """As a schedule that is never advanced."""

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.rate: float | None = None

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        self.rate = lr if self.rate is None else self.rate
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


class ForgetsTheMoments(Sound):
    """A fresh optimizer every epoch."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        self.adam = Adam()
        return super().train_epoch(data, order, lr)


class LosesTheStepCount(Sound):
    def load_optimizer(self, state: AdamState) -> None:
        super().load_optimizer(AdamState(0, state.first, state.second))


class LosesTheFirstMoment(Sound):
    def export_optimizer(self) -> AdamState:
        state = super().export_optimizer()
        return AdamState(state.steps, AdamState.fresh().first, state.second)


class TakesNoOptimizer(Sound):
    def load_optimizer(self, state: AdamState) -> None:
        pass


class ExportsStaleParameters(Sound):
    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.loaded = super().export_params()

    def export_params(self) -> Params:
        return self.loaded


class ExportsItsOwnMemory(Sound):
    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.exported = super().export_params()

    def export_params(self) -> Params:
        return self.exported

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        losses = super().train_epoch(data, order, lr)
        for name, value in self.params.items():
            self.exported[name][...] = value
        return losses


class DropsTheLastBatch(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        losses = super().train_epoch(data, order[:-1], lr)
        return np.append(losses, self.exact_loss_and_grads(*self.read_batch(data, order[-1]))[0]).astype(np.float32)


class SplitsTiesInTraining(Sound):
    """`loss_and_grads` is right, and training has kernels of its own."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        with patch.multiple(network, **SplitsTies.patches()):
            return super().train_epoch(data, order, lr)


class IndicesInInt8(Sound):
    """Of more than 128 images, the others are never reached."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        return super().train_epoch(data, order.astype(np.int8), lr)
