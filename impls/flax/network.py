"""The network in Flax NNX."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

LAYER_DTYPE = {"fp32": jnp.float32, "tf32": jnp.float32, "bf16": jnp.bfloat16}
"""By precision, what layers compute in; parameters stay float32."""


class LeNet(nnx.Module):
    """The lecture's network, channels last: (N, 32, 32, 3) float32 -> logits (N, 10) float32.

    Args:
        rngs: of the initial parameters.
        dtype: that layers compute in.
    """

    def __init__(self, *, rngs: nnx.Rngs, dtype: Any = jnp.float32) -> None:
        layer: dict[str, Any] = {"dtype": dtype, "promote_dtype": cast, "rngs": rngs}
        self.conv1 = nnx.Conv(3, 6, kernel_size=(5, 5), padding="VALID", **layer)
        self.conv2 = nnx.Conv(6, 16, kernel_size=(5, 5), padding="VALID", **layer)
        self.relu: Callable[[jax.Array], jax.Array] = lambda x: nnx.relu(x).astype(dtype)
        self.pool = partial(nnx.max_pool, window_shape=(2, 2), strides=(2, 2))
        self.fc1 = nnx.Linear(5 * 5 * 16, 120, **layer)
        self.fc2 = nnx.Linear(120, 84, **layer)
        self.fc3 = nnx.Linear(84, 10, **layer)

    def __call__(self, x: jax.Array) -> jax.Array:
        """Map images (N, 32, 32, 3) to logits (N, 10)."""
        x = self.pool(self.relu(self.conv1(x)))
        x = self.pool(self.relu(self.conv2(x)))
        x = x.reshape(x.shape[0], -1)
        x = self.relu(self.fc1(x))
        x = self.relu(self.fc2(x))
        return self.fc3(x)


def cast(arrays: tuple[jax.Array, ...], *, dtype: Any) -> tuple[jax.Array, ...]:
    """A layer's input and kernel in the dtype that it computes in, and its bias and output in float32.

    A bias in bfloat16 has its gradient summed in bfloat16 by XLA, which makes 1,024 of 78,400 ones.
    """
    x, kernel, bias = arrays
    return x.astype(dtype), kernel.astype(dtype), bias
