"""Backends that are right after each reload, and wrong where nothing is reloaded in between."""

from __future__ import annotations

from typing import Any

from defects.base import Array
from fakes import Sound
from impls.reference.adam import Adam
from impls.spec import Params


class ReplaysTheLastBatchOfThisSize(Sound):
    """A captured step is replayed: with another size in between, its inputs are those of its last step."""

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.inputs: dict[int, Array] = {}
        self.size = 0

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        used, size = order.copy(), order.shape[1]
        if size != self.size and size in self.inputs:
            used[0] = self.inputs[size]
        self.inputs[size], self.size = order[-1], size
        return super().train_epoch(data, used, lr)


class NewOptimizerForANewSize(Sound):
    """A step is compiled for each size of a batch, and brings an optimizer of its own."""

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.adams = {}

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        self.adam = self.adams.setdefault(order.shape[1], self.adam if not self.adams else Adam())
        return super().train_epoch(data, order, lr)


class EvaluationSpoilsTheMoments(Sound):
    """An evaluation of the whole test split empties the memory that the moments are kept in."""

    def predict(self, data: Any) -> Array:
        if len(data) == 200:
            self.adam.m = {name: 0 * value for name, value in self.adam.m.items()}
        return super().predict(data)
