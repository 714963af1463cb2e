"""Backends that are right though done otherwise: the ladder must never accuse them."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from bench.parity.noise import sequential_matmul
from fakes import Sound
from impls.pytorch.eager import LeNet, PyTorch
from impls.reference.adam import Adam
from impls.reference.rounding import in_precision, truncated
from impls.spec import ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON, Params
from own_adam import WithAdam

Array = np.ndarray


class Float64Inside(Sound):
    variants: ClassVar[tuple[str, ...]] = ("float64",)

    def __init__(self, *, variant: str = "float64", device: str = "cpu", precision: str = "fp32") -> None:
        super().__init__(variant="float64", device=device, precision=precision)


class SumsBackwards(Sound):
    """Products summed in four parts, from the last to the first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(matmul=self.backwards, **kwargs)

    @staticmethod
    def backwards(a: Array, b: Array) -> Array:
        parts = np.array_split(np.arange(a.shape[1]), 4)
        return sum((a[:, part] @ b[part] for part in parts[:0:-1]), a[:, parts[0]] @ b[parts[0]])


class SumsOneByOne(Sound):
    """Every sum a term at a time, the loss's too, in a random order of its own."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(matmul=sequential_matmul(np.random.default_rng(12345)), **kwargs)


class _Products(Adam):
    """β^t is a float32 product that grows by a factor a step, as ATen's and many others' Adam keep it."""

    multiplied = 0
    powers: tuple[np.float32, np.float32] = (np.float32(1), np.float32(1))

    def step(self, params: Params, grads: Params, lr: float) -> Params:
        while self.multiplied <= self.steps:  # more than one factor where a count was taken in
            b1, b2 = self.powers
            self.powers = b1 * np.float32(ADAM_BETA1), b2 * np.float32(ADAM_BETA2)
            self.multiplied += 1
        first, second = (np.float32(1) - power for power in self.powers)
        super().step(params, grads, lr)
        rate, epsilon = np.float32(lr), np.float32(ADAM_EPSILON)
        return {
            name: p - rate * (self.m[name] / first) / (np.sqrt(self.v[name] / second) + epsilon)
            for name, p in params.items()
        }


class CountsByProducts(WithAdam):
    adam_class = _Products


class _Folded(Adam):
    """Both corrections are folded into the rate, and ε follows (Kingma & Ba, 2015, section 2, last paragraph)."""

    def step(self, params: Params, grads: Params, lr: float) -> Params:
        super().step(params, grads, lr)
        root = math.sqrt(1 - ADAM_BETA2**self.steps)
        rate, epsilon = np.float32(lr * root / (1 - ADAM_BETA1**self.steps)), np.float32(ADAM_EPSILON * root)
        return {name: p - rate * self.m[name] / (np.sqrt(self.v[name]) + epsilon) for name, p in params.items()}


class FoldsItsCorrections(WithAdam):
    adam_class = _Folded


class _Float64(Adam):
    def step(self, params: Params, grads: Params, lr: float) -> Params:
        after = super().step({name: p.astype(np.float64) for name, p in params.items()}, grads, lr)
        return {name: p.astype(np.float32) for name, p in after.items()}


class MomentsInFloat64(WithAdam):
    adam_class = _Float64


def _flushed(value: Array) -> Array:
    return np.where(np.abs(value) < np.finfo(np.float32).tiny, np.float32(0), value)


class _Flushing(Adam):
    def step(self, params: Params, grads: Params, lr: float) -> Params:
        after = super().step(params, {name: _flushed(grad) for name, grad in grads.items()}, lr)
        for moments in (self.m, self.v):
            moments.update({name: _flushed(m) for name, m in moments.items()})
        return {name: np.where(params[name] == p, p, _flushed(p)) for name, p in after.items()}


class FlushesSubnormals(WithAdam):
    """Results below the smallest normal number become 0, as processors and GPUs do when they are told to be fast."""

    adam_class = _Flushing

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(matmul=lambda a, b: _flushed(np.matmul(_flushed(a), _flushed(b))), **kwargs)


class TruncatesInTraining(Sound):
    """In a lower precision, what trains cuts operands off and what evaluates rounds them: units wake in one alone."""

    def __init__(self, *, precision: str = "bf16", **kwargs: Any) -> None:
        super().__init__(precision=precision, **kwargs)
        self.cut_off = in_precision(precision, np.matmul, truncated)

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        evaluating, self.matmul = self.matmul, self.cut_off
        losses = super().train_epoch(data, order, lr)
        self.matmul = evaluating
        return losses


class OrdersItsBatches(Sound):
    """Trains on a batch's images in the order in which they lie in memory."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        return super().train_epoch(data, np.sort(order, axis=1), lr)


class FusedAdam(PyTorch):
    def _new_optimizer(self) -> torch.optim.Adam:
        return torch.optim.Adam(self.model.parameters(), fused=True)


class ChannelsLast(PyTorch):
    """Convolutions in the other memory layout."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model = self.model.to(memory_format=torch.channels_last)
        self.optimizer = self._new_optimizer()


class WithoutOneDNN(PyTorch):
    """PyTorch's own convolutions, which order their loops otherwise."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model = WithoutOneDNN.Model()
        self.optimizer = self._new_optimizer()

    class Model(LeNet):
        def forward(self, x: Tensor) -> Tensor:
            torch.backends.mkldnn.enabled = False
            try:
                return super().forward(x)
            finally:
                torch.backends.mkldnn.enabled = True

    def activations(self, images: Array) -> dict[str, Array]:
        return {}


class AutocastBFloat16(PyTorch):
    """Layers in bfloat16, parameters and loss in float32."""

    precisions: ClassVar[tuple[str, ...]] = ("bf16",)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model = AutocastBFloat16.Model()
        self.optimizer = self._new_optimizer()

    class Model(LeNet):
        def forward(self, x: Tensor) -> Tensor:
            with torch.autocast("cpu", torch.bfloat16):
                x = self.pool(F.relu(self.conv1(x)))
                x = self.pool(F.relu(self.conv2(x)))
                x = F.relu(self.fc1(torch.flatten(x, 1)))
                x = self.fc3(F.relu(self.fc2(x)))
            return F.log_softmax(x.float(), dim=1)

    def activations(self, images: Array) -> dict[str, Array]:
        return {}
