"""A subject that trains nothing and records what it was given."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.base.settings import Settings
from bench.worker.variant import Cores, Subject
from impls import registry
from impls.spec import Recipe, initial_params


class Recorder(Subject):
    """A subject that trains nothing, records what it was given, and is always a quarter right."""

    latest: Recorder

    def __init__(self, choice: registry.Choice, settings: Settings, recipe: Recipe, cores: Cores | None = None) -> None:
        self.cores = cores or Cores(0, settings.threads)
        self.choice, self.settings, self.recipe, self.losses = choice, settings, recipe, []
        self.first_epoch_losses = [2.3]
        self.info = {"variant": choice.variant, "versions": {}, "code": "c0de", "many": False}
        self.info |= {"data_fingerprint": "synthetic-x", "channels": 3}
        self.loaded = [initial_params(settings.seed)]
        self.worker, self.epochs = self, 0  # type: ignore[assignment]
        Recorder.latest = self

    def call(self, method: str, *args: dict[str, np.ndarray]) -> Any:
        if method == "export_params":
            return {name: 2 * value for name, value in self.loaded[-1].items()}
        if method == "confusion":
            return []
        assert method == "load_params"
        self.loaded += args
        return None

    def epoch(self) -> float:
        self.epochs += 1
        self.losses.append(1.0)
        return 1.0

    def evaluate(self) -> tuple[float, float]:
        return 0.5, 0.25

    def close(self) -> None:
        pass
