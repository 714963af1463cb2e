"""A light backend whose Adam is a class of its own, for programs that are right or wrong in nothing else."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from fakes import Sound
from impls.contract import AdamState
from impls.reference.adam import Adam
from impls.spec import Params

Array = np.ndarray


class WithAdam(Sound):
    adam_class: ClassVar[type[Adam]]

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.adam = self.adam_class()

    def load_optimizer(self, state: AdamState) -> None:
        super().load_optimizer(state)
        kept = self.adam
        self.adam = self.adam_class()
        self.adam.steps, self.adam.m, self.adam.v = kept.steps, kept.m, kept.v


class OwnStep(Adam):
    """Adam with an open step: the moments are Adam's, `corrected` makes the step of them."""

    def step(self, params: Params, grads: Params, lr: float) -> Params:
        super().step(params, grads, lr)
        after = {}
        for name, p in params.items():
            step = self.corrected(name, np.asarray(self.m[name], np.float64), np.asarray(self.v[name], np.float64))
            after[name] = (p - lr * step).astype(p.dtype)
        return after

    def corrected(self, name: str, m: Array, v: Array) -> Array:
        raise NotImplementedError
