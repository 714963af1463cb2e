"""Backends that pass the ladder and train something else in the epochs that are timed; and one that compiles twice.

Each does so where a whole epoch is asked for at a real rate, as a path that was compiled apart from the checked one.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from fakes import Sound
from impls.spec import Params

Array = np.ndarray


class WholeEpochs(Sound):
    """Sees which calls ask for a whole epoch at a real rate, and counts them since the parameters were loaded."""

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.whole = 0

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        if lr > 0 and order.size == len(data):
            self.whole += 1
            return self.whole_epoch(data, order, lr)
        return super().train_epoch(data, order, lr)

    def steps(self, data: Any, order: Array, lr: float) -> Array:
        """Train as asked."""
        return Sound.train_epoch(self, data, order, lr)

    def whole_epoch(self, data: Any, order: Array, lr: float) -> Array:
        raise NotImplementedError


class EverySecondBatch(WholeEpochs):
    """Half the time: every loss stands for two steps."""

    def whole_epoch(self, data: Any, order: Array, lr: float) -> Array:
        return np.repeat(self.steps(data, order[::2], lr), 2)[: len(order)]


class AnotherRate(WholeEpochs):
    """A tenth more than was asked for."""

    def whole_epoch(self, data: Any, order: Array, lr: float) -> Array:
        return self.steps(data, order, 1.1 * lr)


class StopsAfterTheSecondEpoch(WholeEpochs):
    """From the third epoch on the parameters stay, and the losses are those of the batches."""

    def whole_epoch(self, data: Any, order: Array, lr: float) -> Array:
        return self.steps(data, order, lr if self.whole <= 2 else 0.0)


class FirstLossesAgain(WholeEpochs):
    """Trains as asked, and returns the losses of the first epoch every time."""

    def whole_epoch(self, data: Any, order: Array, lr: float) -> Array:
        losses = self.steps(data, order, lr)
        self.first = losses if self.whole == 1 else self.first
        return self.first.copy()


class TrainsNothingInTheLastEpochs(WholeEpochs):
    """Gives out the right losses of a copy and keeps the old parameters, from the third epoch on."""

    def whole_epoch(self, data: Any, order: Array, lr: float) -> Array:
        before = {name: value.copy() for name, value in self.params.items()}
        losses = self.steps(data, order, lr)
        self.params = before if self.whole > 2 else self.params
        return losses


class CompilesTwice(WholeEpochs):
    """Its second epoch waits, as for a compiler; none trains anything, so that all the others are over at once."""

    def whole_epoch(self, data: Any, order: Array, lr: float) -> Array:
        time.sleep(3.0 * (self.whole == 2))
        return np.zeros(len(order), np.float32)
