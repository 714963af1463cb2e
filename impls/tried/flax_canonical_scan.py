"""Flax with an epoch as one loop, whose gradients of convolutions are written as ordinary convolutions."""

from __future__ import annotations

from typing import Any, ClassVar

import jax
from jax import lax

from impls.flax.network import LeNet
from impls.flax.nnx import FlaxNNX

FORM = ("NHWC", "HWIO", "NHWC")
"""The canonical form: images (N, rows, columns, channels), kernels (rows, columns, in, out)."""


@jax.custom_vjp
def convolve(x: jax.Array, kernel: jax.Array) -> jax.Array:
    """Convolution in canonical form: x (N, H, W, in), kernel (5, 5, in, out) -> (N, H - 4, W - 4, out)."""
    return lax.conv_general_dilated(x, kernel, (1, 1), "VALID", dimension_numbers=FORM)


def _forward(x: jax.Array, kernel: jax.Array) -> tuple[jax.Array, Any]:
    return convolve(x, kernel), (x, kernel)


def _backward(kept: Any, grad: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Both gradients as convolutions in canonical form, with transpositions around them.

    An output (p, q) is the sum over (i, j) of ``x[p + i, q + j] * kernel[i, j]``. So ``kernel[i, j]`` has the sum over
    (p, q) of ``x[i + p, j + q] * grad[p, q]``: x convolved with the gradient as kernel, summed over images, which take
    the place of input channels. And ``x[r, s]`` has the sum of ``grad[r - i, s - j] * kernel[i, j]``: the gradient,
    padded with 4 zeros on each side, convolved with the kernel turned by 180 degrees.
    """
    x, kernel = kept
    images_last, grad_as_kernel = x.transpose(3, 1, 2, 0), grad.transpose(1, 2, 0, 3)
    grad_kernel = convolve(images_last, grad_as_kernel).transpose(1, 2, 0, 3)
    turned = kernel[::-1, ::-1].transpose(0, 1, 3, 2)
    border = [(4, 4), (4, 4)]
    grad_x = lax.conv_general_dilated(grad, turned, (1, 1), border, dimension_numbers=FORM)  # left out if unused
    return grad_x, grad_kernel


convolve.defvjp(_forward, _backward)


class CanonicalLeNet(LeNet):
    """The same network, with the convolution above."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.conv1.conv_general_dilated = self.conv2.conv_general_dilated = _as_flax_calls_it


def _as_flax_calls_it(x: jax.Array, kernel: jax.Array, *_: Any, **__: Any) -> jax.Array:
    """`convolve`; what else Flax gives (stride, padding, layout) it takes for granted."""
    return convolve(x, kernel)


class FlaxCanonicalScan(FlaxNNX):
    """An epoch compiled as one loop, with all convolutions in XLA's canonical form.

    JAX writes the gradients of a convolution as convolutions with their dimensions in another order. XLA's CPU compiler
    has fast code for one order only, the canonical form, and a pass that brings others into it; but that pass does not
    visit the bodies of loops (github.com/jax-ml/jax/issues/12868), where the slow general code remains.

    Prediction: about as fast as a step compiled by itself, where the plain scan is far slower.
    """

    variants: ClassVar[tuple[str, ...]] = ("canonical-scan",)
    precisions: ClassVar[tuple[str, ...]] = ("fp32",)
    network: ClassVar[type[LeNet]] = CanonicalLeNet
