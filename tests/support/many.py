"""A sound way of training several seeds at once, and ones with a defect each, for the ladder to catch."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from fakes import Sound
from impls.contract import ManySeeds
from impls.reference.adam import Adam
from impls.spec import Params

Array = np.ndarray


class OneByOne(ManySeeds):
    """Replicas of the reference, each stepped by itself."""

    def __init__(self, backend: Sound) -> None:
        self.backend = backend

    def load_many(self, params: Sequence[Params]) -> None:
        self.replicas = [copy.copy(self.backend) for _ in params]
        for replica, own in zip(self.replicas, params, strict=True):
            replica.load_params(own)

    def export_many(self) -> list[Params]:
        return [replica.export_params() for replica in self.replicas]

    def train_many(self, data: Any, orders: Array, lr: float) -> Array:
        return np.stack([self.step_all(data, indices, lr) for indices in orders.swapaxes(0, 1)], axis=1)

    def step_all(self, data: Any, indices: Array, lr: float) -> Array:
        """A step of every replica, on ``indices`` (replicas, batch); the losses before it."""
        passes = [r.exact_loss_and_grads(*r.read_batch(data, i)) for r, i in zip(self.replicas, indices, strict=True)]
        self.update([grads for _, grads in passes], lr)
        return np.array([loss for loss, _ in passes], np.float32)

    def update(self, grads: list[Params], lr: float) -> None:
        """Adam's step of every replica."""
        for replica, own in zip(self.replicas, grads, strict=True):
            replica.params = replica.adam.step(replica.params, own, lr)

    def predict_many(self, data: Any) -> Array:
        return np.stack([replica.predict(data) for replica in self.replicas])


class TrainsMany(Sound):
    """Light enough to test the harness with."""

    kind: ClassVar[type[OneByOne]] = OneByOne

    def many(self) -> ManySeeds | None:
        return self.kind(self)


# --- defects --------------------------------------------------------------------------------------------------


class LoadsInReverse(OneByOne):
    def load_many(self, params: Sequence[Params]) -> None:
        super().load_many(params[::-1])


class LosesInReverse(OneByOne):
    def train_many(self, data: Any, orders: Array, lr: float) -> Array:
        return super().train_many(data, orders, lr)[::-1].copy()


class ExportsTheFirst(OneByOne):
    def export_many(self) -> list[Params]:
        return [super(ExportsTheFirst, self).export_many()[0] for _ in self.replicas]


class ExportsWhatWasLoaded(OneByOne):
    def load_many(self, params: Sequence[Params]) -> None:
        super().load_many(params)
        self.loaded = super().export_many()

    def export_many(self) -> list[Params]:
        return self.loaded


class StartsAllAlike(OneByOne):
    """All train from the first one's parameters, and what is exported before is what was loaded."""

    def load_many(self, params: Sequence[Params]) -> None:
        super().load_many(params)
        self.loaded: list[Params] | None = super().export_many()

    def export_many(self) -> list[Params]:
        return self.loaded or super().export_many()

    def train_many(self, data: Any, orders: Array, lr: float) -> Array:
        if self.loaded:
            super().load_many([self.loaded[0]] * len(orders))
            self.loaded = None
        return super().train_many(data, orders, lr)


class OneOrderForAll(OneByOne):
    def train_many(self, data: Any, orders: Array, lr: float) -> Array:
        return super().train_many(data, np.broadcast_to(orders[:1], orders.shape), lr)


class SumsGradients(OneByOne):
    share = 1.0

    def update(self, grads: list[Params], lr: float) -> None:
        total = {name: self.share * np.sum([each[name] for each in grads], axis=0) for name in grads[0]}
        super().update([total] * len(grads), lr)


class AveragesGradients(SumsGradients):
    share = 1 / 3


class AveragesTheLoss(OneByOne):
    """Divides by the number of replicas, as the mean over all of them does; Adam hardly notices the gradient."""

    def step_all(self, data: Any, indices: Array, lr: float) -> Array:
        return super().step_all(data, indices, lr) / np.float32(len(indices))


class SharesMoments(OneByOne):
    """One optimizer for all, which sees their gradients in turn."""

    def load_many(self, params: Sequence[Params]) -> None:
        super().load_many(params)
        for replica in self.replicas:
            replica.adam = self.replicas[0].adam


class CountsAStepOfEach(OneByOne):
    """Moments of their own, but one step count, which goes up once for each replica."""

    def update(self, grads: list[Params], lr: float) -> None:
        for replica, own in zip(self.replicas, grads, strict=True):
            replica.adam.steps = self.steps
            replica.params = replica.adam.step(replica.params, own, lr)
            self.steps += 1

    def load_many(self, params: Sequence[Params]) -> None:
        super().load_many(params)
        self.steps = 0


class ForgetsMoments(OneByOne):
    """A new optimizer in every call."""

    def train_many(self, data: Any, orders: Array, lr: float) -> Array:
        for replica in self.replicas:
            replica.adam = Adam()
        return super().train_many(data, orders, lr)


class KeepsTheFirstRate(OneByOne):
    rate: float | None = None

    def train_many(self, data: Any, orders: Array, lr: float) -> Array:
        self.rate = self.rate or lr
        return super().train_many(data, orders, self.rate)


class PredictsWithTheFirst(OneByOne):
    def predict_many(self, data: Any) -> Array:
        return np.stack([self.replicas[0].predict(data)] * len(self.replicas))


class TransposesLosses(OneByOne):
    """And gives its classes in another form."""

    def train_many(self, data: Any, orders: Array, lr: float) -> Array:
        return super().train_many(data, orders, lr).T

    def predict_many(self, data: Any) -> Any:
        return super().predict_many(data).tolist()


def backend_with(kind: type[OneByOne]) -> Sound:
    """The reference, training several seeds at once in that way."""
    return type(kind.__name__, (TrainsMany,), {"kind": kind})()
