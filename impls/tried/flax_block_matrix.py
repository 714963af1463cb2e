"""Flax with each convolution as a product with a block matrix (`impls.tried.block_matrix`)."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from impls.flax.network import LeNet
from impls.flax.nnx import FlaxNNX
from impls.flax.step import Batch
from impls.flax.tuned import TunedLeNet, canonical
from impls.tried.block_matrix import CONV1, CONV2, BlockMatrix, from_cells, to_cells


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def conv_relu_pool(block: BlockMatrix, x: jax.Array, weight: jax.Array, bias: jax.Array) -> jax.Array:
    """Convolution, ReLU and max-pool from cells to cells.

    x (B, rows, columns, values), canonical weight and bias -> (B, rows', columns', values').

    The gradient is written by hand: JAX's own would send half of it to each of two equal maxima, and XLA would compile
    that of a slice to a padding with zeros of each group, followed by their sum.
    """
    return _forward(block, x, weight, bias)[0]


def _forward(block: BlockMatrix, x: jax.Array, weight: jax.Array, bias: jax.Array) -> tuple[jax.Array, Any]:
    groups = patches(block, x)
    # Made transposed, (columns, rows), which XLA multiplies with sooner than with a transposed view.
    matrix = jnp.append(weight.ravel(), 0.0)[block.source.reshape(block.shape).T]
    v00, v01, v10, v11 = jnp.split(groups @ matrix, 4, axis=-1)
    top, bottom = jnp.maximum(v00, v01), jnp.maximum(v10, v11)
    # Adding the bias after the maximum gives the same, with a quarter of the additions.
    result = nnx.relu(jnp.maximum(top, bottom) + jnp.tile(bias, block.side**2 // 4))
    # The place of the first maximum, 0 to 3 in row-major order; 4 where ReLU lets no gradient through.
    first = jnp.where(bottom > top, 2 + (v11 > v10), v01 > v00)
    choice = jnp.where(result > 0, first, 4).astype(jnp.int8)
    # Else XLA fuses these into whatever uses them, and so computes them several times over.
    result, choice = jax.lax.optimization_barrier((result, choice))
    return result, (groups, matrix, choice, x)


def _backward(block: BlockMatrix, kept: Any, grad: jax.Array) -> tuple[jax.Array, ...]:
    groups, matrix, choice, x = kept
    grad_product = jnp.concatenate([jnp.where(choice == place, grad, 0) for place in range(4)], axis=-1)
    # As (columns, rows): XLA transposes a product's left operand first, and that of the other order is still to be made
    # by the line above, which it would then do within the transposition, an element at a time.
    grad_matrix = jnp.tensordot(groups, grad_product, axes=((0, 1, 2), (0, 1, 2)))
    grad_weight = grad_matrix.T.ravel()[block.places].sum(0).reshape(block.outputs, block.inputs, 5, 5)
    grad_bias = jnp.where(choice < 4, grad, 0).sum((0, 1, 2)).reshape(-1, block.outputs).sum(0)
    [grad_x] = jax.linear_transpose(partial(patches, block), x)(grad_product @ matrix.T)  # unused and left out in conv1
    return grad_x, grad_weight, grad_bias


conv_relu_pool.defvjp(_forward, _backward)


def patches(block: BlockMatrix, x: jax.Array) -> jax.Array:
    """The groups of cells that a block of outputs depends on: (B, rows - cells + 1, columns - cells + 1, values)."""
    rows, columns = (size - block.cells + 1 for size in x.shape[1:3])
    shifts = np.ndindex(block.cells, block.cells)
    return jnp.concatenate([x[:, i : i + rows, j : j + columns] for i, j in shifts], axis=-1)


class BlockMatrixLeNet(TunedLeNet):
    """The same network, with the layers of convolution as above; images come as cells (N, 8, 8, 48)."""

    def pools(self, x: jax.Array) -> tuple[jax.Array, jax.Array]:
        """The layers of convolution, as cells: (B, 7, 7, 24) and (B, 5, 5, 16)."""
        pool1 = conv_relu_pool(CONV1, x, *canonical(self.conv1))
        return pool1, conv_relu_pool(CONV2, pool1, *canonical(self.conv2))


class FlaxBlockMatrix(FlaxNNX):
    """One product a layer in place of a convolution, in an epoch compiled as one loop.

    Prediction: faster, because XLA's matrix products on a CPU come nearer to the processor's speed than its
    convolutions do, by more than the 1.9 times the work; and a product is as fast inside a loop as outside, which XLA's
    gradients of convolutions are not (`impls.tried.flax_canonical_scan`).
    """

    variants: ClassVar[tuple[str, ...]] = ("block-matrix",)
    precisions: ClassVar[tuple[str, ...]] = ("fp32",)
    network: ClassVar[type[LeNet]] = BlockMatrixLeNet

    def __init__(self, *, variant: str = "block-matrix", device: str = "cpu", precision: str = "fp32") -> None:
        super().__init__(variant=variant, device=device, precision=precision)
        self._layers = nnx.jit(BlockMatrixLeNet.layers)

    def _put(self, images: np.ndarray, labels: np.ndarray) -> Batch:
        return jax.device_put(Batch(to_cells(images), labels.astype(np.int32)), self.device)

    def read_batch(self, data: Batch, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        batch = data.take(jnp.asarray(indices))
        return from_cells(np.asarray(batch.images), side=4), np.asarray(batch.labels).astype(np.int64)

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        outputs = self._layers(self.model, self._put(images, np.zeros(len(images))).images)
        layers = {name: np.asarray(x) for name, x in outputs.items()}
        return layers | {name: from_cells(layers[name], side) for name, side in (("pool1", 2), ("pool2", 1))}
