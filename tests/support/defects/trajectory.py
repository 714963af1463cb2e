"""Backends whose first steps are right by themselves and wrong in a row."""

from __future__ import annotations

from typing import Any

import numpy as np

from defects.base import Array, bfloat16
from fakes import Sound
from impls.reference.adam import Adam


class ShufflesByItself(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        mixed = np.random.default_rng(0).permutation(order.ravel()).reshape(order.shape)
        return super().train_epoch(data, order if len(order) == 1 else mixed, lr)


class TrainsOnABatchTwice(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        again = order.copy()
        again[2:] = order[1:-1] if len(order) > 2 else order[2:]
        return super().train_epoch(data, again, lr)


class WrapsItsStepCounter(Sound):
    """After four steps it begins at the first batch again, as a counter of too few bits would."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        return super().train_epoch(data, order[np.arange(len(order)) % 4], lr)


class SpoilsEverySecondRun(Sound):
    runs = 0

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        SpoilsEverySecondRun.runs += len(order) > 1 and lr > 1e-10
        late = self.runs > 1 and len(order) > 1
        return super().train_epoch(data, order, 2 * lr if late else lr)


class ForgetsTheMomentsWithinAnEpoch(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        half = len(order) // 2
        first = super().train_epoch(data, order[:half], lr)
        self.adam = Adam() if half else self.adam
        return np.concatenate([first, super().train_epoch(data, order[half:], lr)])


class TrainsOnALossInBFloat16(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        return bfloat16(super().train_epoch(data, order, lr))


class TrainsOnEverySecondBatch(Sound):
    """Whenever a whole epoch is asked for at a real rate: half the time, and each loss is given twice."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        if lr == 0 or len(order) < len(data) // 100:
            return super().train_epoch(data, order, lr)
        return super().train_epoch(data, order[::2], lr).repeat(2)[: len(order)]


class TrainsInFloat32(Sound):
    """What evaluates rounds its products as the precision asked for, what trains does not."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        rounding, self.matmul = self.matmul, np.matmul
        losses = super().train_epoch(data, order, lr)
        self.matmul = rounding
        return losses


class TrainsWholeEpochsInFloat32(TrainsInFloat32):
    """The same where a call has several steps, as a path that was compiled apart."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        return (super() if len(order) > 1 else super(TrainsInFloat32, self)).train_epoch(data, order, lr)
