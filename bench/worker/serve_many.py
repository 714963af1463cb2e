"""A worker's methods for several seeds at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from bench.guard.backend import Guarded, calling
from bench.guard.many import GuardedMany, check_classes_of_all, check_losses_of_all
from impls.contract import Backend, ManySeeds
from impls.data import Split
from impls.errors import BackendError
from impls.spec import Params


class TrainsMany:
    """What the parent may call of a backend that offers `ManySeeds`; a part of `bench.worker.serve.Worker`."""

    backend: Backend
    test_split: Split
    train: Any
    test: Any
    many: ManySeeds
    guarded_many: GuardedMany
    _entering: Callable[[str], None]

    def load_many(self, params: list[Params]) -> None:
        """Start anew with a replica for each of these canonical parameters."""
        many = Guarded(self.backend, self._entering).many()
        if many is None:
            raise BackendError("many returned None, so several seeds cannot be trained at once.")
        self.many = many
        self.guarded_many = GuardedMany(many, self._entering)
        self.guarded_many.load_many(params)

    def train_many(self, orders: np.ndarray, lr: float) -> tuple[float, np.ndarray]:
        """Train one epoch of all: its seconds, device idle at both ends, and the losses (replicas, steps)."""
        with calling("train_many"):
            begin = time.perf_counter()
            losses = self.many.train_many(self.train, orders, lr)
            seconds = time.perf_counter() - begin
        return seconds, check_losses_of_all(losses, orders.shape[:2])

    def export_many(self) -> list[Params]:
        """The current parameters of all."""
        return self.guarded_many.export_many()

    def evaluate_many(self, replicas: int) -> tuple[float, list[float]]:
        """Seconds in which all classify the test split, and their accuracies as fractions."""
        labels = self.test_split.labels
        with calling("predict_many"):
            begin = time.perf_counter()
            classes = self.many.predict_many(self.test)
            seconds = time.perf_counter() - begin
        right = check_classes_of_all(classes, (replicas, len(labels))) == labels
        return seconds, [float(each) for each in right.mean(axis=1)]
