"""Backends that only whole training shows."""

from __future__ import annotations

from typing import Any

from defects.base import Array
from fakes import Sound
from impls.spec import Params


class StopsTraining(Sound):
    """After the first epoch, in a way that no single epoch shows."""

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.whole = 0

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        self.whole += order.size == len(data)
        return super().train_epoch(data, order, lr if self.whole < 2 else 0.0)
