"""Several seeds at once in JAX: this suite's Flax training step and epoch, mapped over stacked states."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from impls.contract import ManySeeds
from impls.flax.layout import to_canonical
from impls.flax.network import LeNet
from impls.flax.step import Batch, scan_epoch, train_step
from impls.spec import Params

if TYPE_CHECKING:

    class Trained(Protocol):
        """What `FlaxMany` needs of `impls.flax.nnx.FlaxNNX`, which itself needs this module."""

        model: LeNet
        optimizer: nnx.Optimizer
        device: jax.Device
        variant: str
        evaluation_batch: int

        def load_params(self, params: Params) -> None: ...


@partial(jax.jit, static_argnums=0, donate_argnums=1)
def step_of_all(graphdef: Any, states: Any, data: Batch, indices: jax.Array) -> tuple[Any, jax.Array]:
    """A step of every replica on its ``indices`` (replicas, batch): the new states, and losses (replicas,)."""

    def step(state: Any, index: jax.Array) -> tuple[Any, jax.Array]:
        model, optimizer = nnx.merge(graphdef, state)
        loss = train_step(model, optimizer, data, index)
        return nnx.state((model, optimizer)), loss

    return jax.vmap(step)(states, indices)


@partial(jax.jit, static_argnums=0, donate_argnums=1)
def epoch_of_all(graphdef: Any, states: Any, data: Batch, orders: jax.Array) -> tuple[Any, jax.Array]:
    """An epoch of every replica as one compiled loop: the new states, and losses (replicas, steps)."""
    return jax.vmap(lambda state, order: scan_epoch(graphdef, state, data, order))(states, orders)


@partial(jax.jit, static_argnums=0)
def classes_of_all(graphdef: Any, states: Any, images: jax.Array) -> jax.Array:
    """The classes (replicas, N) that every replica gives to the same images."""

    def classes(state: Any) -> jax.Array:
        model, _ = nnx.merge(graphdef, state)
        return model(images).argmax(axis=1)

    return jax.vmap(classes)(states)


class FlaxMany(ManySeeds):
    """Replicas of a backend's model and optimizer; its variant says whether a step or a whole epoch is compiled.

    Args:
        backend: whose way of training is theirs.
    """

    def __init__(self, backend: Trained) -> None:
        self.backend = copy.copy(backend)
        self.backend.model = nnx.clone(backend.model)  # the backend's own keeps its parameters

    def load_many(self, params: Sequence[Params]) -> None:
        states = []
        for each in params:
            self.backend.load_params(each)
            self.graphdef, state = nnx.split((self.backend.model, self.backend.optimizer))
            states.append(jax.tree.map(jnp.copy, state))  # the next one is loaded into the same variables
        self.states = self._put(jax.tree.map(lambda *leaves: jnp.stack(leaves), *states))

    def _put(self, states: Any) -> Any:
        # Bound to the device, as compiled functions return them: else the first call is compiled for itself alone.
        return jax.device_put(states, self.backend.device)

    def export_many(self) -> list[Params]:
        model, _ = nnx.merge(self.graphdef, self.states)
        stacked = jax.tree.map(np.asarray, nnx.to_pure_dict(nnx.state(model, nnx.Param)))
        replicas = len(stacked["conv1"]["bias"])
        return [to_canonical(jax.tree.map(lambda value, r=r: value[r], stacked)) for r in range(replicas)]

    def train_many(self, data: Batch, orders: np.ndarray, lr: float) -> np.ndarray:
        model, optimizer = nnx.merge(self.graphdef, self.states)
        optimizer.opt_state.hyperparams["learning_rate"][...] = jnp.full(len(orders), lr, jnp.float32)
        self.states = self._put(nnx.state((model, optimizer)))
        if self.backend.variant == "scan":
            indices = jnp.asarray(orders, dtype=jnp.int32)
            self.states, losses = epoch_of_all(self.graphdef, self.states, data, indices)
        else:
            by_step = []
            for indices in jnp.asarray(orders.swapaxes(0, 1), dtype=jnp.int32):
                self.states, each = step_of_all(self.graphdef, self.states, data, indices)
                by_step.append(each)
            losses = jnp.stack(by_step, axis=1)
        jax.block_until_ready((losses, self.states))
        return np.asarray(losses)

    def predict_many(self, data: Batch) -> np.ndarray:
        batch = self.backend.evaluation_batch
        starts = range(0, len(data.labels), batch)
        classes = [classes_of_all(self.graphdef, self.states, data.images[i : i + batch]) for i in starts]
        return np.asarray(jnp.concatenate(classes, axis=1))
