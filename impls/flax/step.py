"""A training step and an epoch in Flax, as functions of the model's and the optimizer's state."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jax
import optax
from flax import nnx

from impls.flax.network import LeNet


class Batch(NamedTuple):
    """Images (N, 32, 32, 3) float32 and labels (N,) int32: a batch, or a whole split on the device."""

    images: jax.Array
    labels: jax.Array

    def take(self, index: jax.Array) -> Batch:
        """The images and labels at ``index`` (B,)."""
        return Batch(self.images[index], self.labels[index])


def loss_fn(model: LeNet, batch: Batch) -> jax.Array:
    """Mean cross-entropy of a batch, which is the mean NLL of the log-softmax of the logits."""
    return optax.softmax_cross_entropy_with_integer_labels(model(batch.images), batch.labels).mean()


def train_step(model: LeNet, optimizer: nnx.Optimizer, data: Batch, index: jax.Array) -> jax.Array:
    """One Adam step on ``data.take(index)``; returns the loss before it."""
    loss, grads = nnx.value_and_grad(loss_fn)(model, data.take(index))
    optimizer.update(model, grads)
    return loss


@partial(jax.jit, static_argnums=0, donate_argnums=1)
def scan_epoch(graphdef: Any, state: Any, data: Batch, order: jax.Array) -> tuple[Any, jax.Array]:
    """All steps of an epoch as one compiled loop: the new state, and the losses (steps,)."""

    def step(state: Any, index: jax.Array) -> tuple[Any, jax.Array]:
        model, optimizer = nnx.merge(graphdef, state)
        loss = train_step(model, optimizer, data, index)
        return nnx.state((model, optimizer)), loss

    return jax.lax.scan(step, state, order)
