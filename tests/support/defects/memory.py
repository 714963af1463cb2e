"""Backends whose Adam is right at first and wrong after many steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from defects.base import Array, bfloat16
from fakes import Sound
from impls.contract import AdamState
from impls.reference.adam import Adam
from impls.spec import ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON, Params
from own_adam import OwnStep, WithAdam


class CountsIn8Bits(WithAdam):
    """The step count stops at 255."""

    class adam_class(OwnStep):  # noqa: N801
        def corrected(self, name: str, m: Array, v: Array) -> Array:
            t = min(self.steps, 255)
            root: Array = np.sqrt(v / (1 - ADAM_BETA2**t)) + ADAM_EPSILON
            return m / (1 - ADAM_BETA1**t) / root


class CountsIn16Bits(WithAdam):
    """The step count begins anew after 65,536."""

    class adam_class(OwnStep):  # noqa: N801
        def corrected(self, name: str, m: Array, v: Array) -> Array:
            t = max(1, self.steps % 65_536)
            root: Array = np.sqrt(v / (1 - ADAM_BETA2**t)) + ADAM_EPSILON
            return m / (1 - ADAM_BETA1**t) / root


class EndsItsCorrection(WithAdam):
    """After 200 steps the moments are taken as they are."""

    class adam_class(OwnStep):  # noqa: N801
        def corrected(self, name: str, m: Array, v: Array) -> Array:
            if self.steps > 200:
                return m / (np.sqrt(v) + ADAM_EPSILON)
            root: Array = np.sqrt(v / (1 - ADAM_BETA2**self.steps)) + ADAM_EPSILON
            return m / (1 - ADAM_BETA1**self.steps) / root


class RenewsItsState(WithAdam):
    """A new optimizer every 250 steps."""

    class adam_class(Adam):  # noqa: N801
        def step(self, params: Params, grads: Params, lr: float) -> Params:
            if self.steps == 250:
                self.steps, self.m, self.v = 0, {}, {}
            return super().step(params, grads, lr)


class AMSGradOfPyTorch(WithAdam):
    """The largest second moment so far is taken, before the correction: torch.optim.Adam(amsgrad=True)."""

    class adam_class(OwnStep):  # noqa: N801
        def corrected(self, name: str, m: Array, v: Array) -> Array:
            self.largest = getattr(self, "largest", {})
            self.largest[name] = np.maximum(self.largest.get(name, v), v)
            root: Array = np.sqrt(self.largest[name] / (1 - ADAM_BETA2**self.steps)) + ADAM_EPSILON
            return m / (1 - ADAM_BETA1**self.steps) / root


class AMSGradOfOptax(WithAdam):
    """The largest corrected second moment so far is taken: optax.amsgrad."""

    class adam_class(OwnStep):  # noqa: N801
        def corrected(self, name: str, m: Array, v: Array) -> Array:
            self.largest = getattr(self, "largest", {})
            v_hat = v / (1 - ADAM_BETA2**self.steps)
            self.largest[name] = np.maximum(self.largest.get(name, v_hat), v_hat)
            return m / (1 - ADAM_BETA1**self.steps) / (np.sqrt(self.largest[name]) + ADAM_EPSILON)


class AdamOfKeras(WithAdam):
    """ε = 1e-7, and before the correction: keras.optimizers.Adam with its defaults."""

    class adam_class(OwnStep):  # noqa: N801
        def corrected(self, name: str, m: Array, v: Array) -> Array:
            scale: Array = np.sqrt(1 - ADAM_BETA2**self.steps) / (1 - ADAM_BETA1**self.steps)
            return scale * m / (np.sqrt(v) + 1e-7)


class MomentsInBFloat16(WithAdam):
    """They are rounded once a step: the second moment no longer moves when it is near its gradient's square."""

    class adam_class(Adam):  # noqa: N801
        def step(self, params: Params, grads: Params, lr: float) -> Params:
            after = super().step(params, grads, lr)
            if self.steps > 2:
                for moments in (self.m, self.v):
                    moments.update({name: bfloat16(np.asarray(value, np.float32)) for name, value in moments.items()})
            return after


class ForgetsThatItTookACount(Sound):
    """`load_optimizer` keeps a count of at most 1,000."""

    def load_optimizer(self, state: AdamState) -> None:
        super().load_optimizer(AdamState(min(state.steps, 1000), state.first, state.second))


class SkipsAnEpochAtRateZero(Sound):
    """Nothing is done at rate 0 but the losses, for nothing moves; the moments would."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        if lr or len(order) < 3:
            return super().train_epoch(data, order, lr)
        losses = [self.exact_loss_and_grads(*self.read_batch(data, indices))[0] for indices in order]
        return np.array(losses, np.float32)
