"""Backends that predict other classes."""

from __future__ import annotations

from typing import Any

import numpy as np

from defects.base import Array
from fakes import Sound
from impls.data import Split
from impls.reference import network
from impls.spec import Params


class PredictsTheRunnerUp(Sound):
    def predict(self, data: Any) -> Array:
        return np.argsort(network.forward(self.params, data.images)[0], axis=1)[:, -2]


class PredictsTheTrainingSplit(Sound):
    """Counts its accuracy on images that it was trained on."""

    def to_device(self, split: Split) -> Split:
        self.train = split if split.name == "train" else self.train
        return split

    def predict(self, data: Any) -> Array:
        return super().predict(self.train.head(len(data)))


class PredictsWithNoise(Sound):
    rng = np.random.default_rng(0)

    def predict(self, data: Any) -> Array:
        log_probs = network.forward(self.params, data.images)[0]
        return (log_probs + self.rng.normal(0, 0.05, log_probs.shape)).argmax(axis=1)


class PredictsWithLoadedParameters(Sound):
    """Keeps the parameters that it evaluates apart from those that it trains."""

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.loaded = dict(self.params)

    def predict(self, data: Any) -> Array:
        trained, self.params = self.params, self.loaded
        classes = super().predict(data)
        self.params = trained
        return classes


class ForgetsTheLastImages(Sound):
    """Those that do not fill a batch of 50."""

    def predict(self, data: Any) -> Array:
        classes = super().predict(data)
        classes[len(classes) // 50 * 50 :] = 0
        return classes
