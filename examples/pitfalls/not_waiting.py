"""Flax that returns from an epoch before its device is idle: what asynchronous dispatch does to a plain clock."""

from typing import Any

import jax.numpy as jnp
import numpy as np
from flax import nnx

from impls.flax.step import Batch, scan_epoch
from impls.flax.tuned import FlaxTuned
from impls.spec import Params


class NotWaiting(FlaxTuned):
    """``flax:tuned`` without its last line, the wait.

    The losses of an epoch are not there when it returns, so it gives out those of the epoch before, as a loop does that
    prints its losses late in order not to wait for them.
    """

    variants = ("not-waiting",)

    def __init__(self, *, variant: str = "not-waiting", device: str = "cpu", precision: str = "fp32") -> None:
        super().__init__(variant=variant, device=device, precision=precision)
        self.losses = None

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.losses = None

    def train_epoch(self, data: Batch, order: np.ndarray, lr: float) -> np.ndarray:
        self.optimizer.opt_state.hyperparams["learning_rate"][...] = jnp.float32(lr)
        graphdef, state = nnx.split((self.model, self.optimizer))
        state, losses = scan_epoch(graphdef, state, data, jnp.asarray(order, dtype=jnp.int32))
        nnx.update((self.model, self.optimizer), state)
        before: Any = self.losses
        self.losses = losses
        return np.asarray(before) if before is not None and len(before) == len(order) else np.zeros(len(order), "f4")
