"""How far apart two correct programs of one precision may be, measured and not chosen.

The oracle is evaluated in that precision (float32, or with products rounded as TF32 or bfloat16 round them)
under several orders of summation and with its parameters nudged by one unit in the last place; the largest
distance of these from its float64 self is the noise of a quantity.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from impls.reference.network import MatMul
from impls.reference.rounding import MANTISSA_BITS, in_precision, truncated
from impls.spec import CLASSES, Params

SAFETY = 4.0
"""Tolerance over measured noise. The worst order of summation, one term at a time, is among those measured,
and real programs sum in blocks, whose error is smaller; so this only has to cover that the noise is the
largest of a handful of draws. The planted defects of the tests lie orders of magnitude above it."""


SOURCE = (
    f"{SAFETY:g} × the worst of 6 evaluations of the oracle in this precision: as NumPy sums, one term after "
    "another in 2 orders, and with parameters nudged by one unit in the last place 3 times; at least half such a unit "
    "(tf32 and bf16: and once with operands cut off and not rounded; the loss: each summed in 16 orders)"
)
"""Where the tolerance of one forward or backward pass comes from."""


def relative_error(measured: np.ndarray, true: np.ndarray) -> float:
    """Largest absolute difference over the largest absolute true value.

    The scale is the tensor's and not the element's: an element that is small because large terms cancel
    carries the rounding of those terms.
    """
    scale = float(np.abs(true).max()) or 1.0
    return float(np.abs(np.asarray(measured, np.float64) - true).max()) / scale


def sequential_matmul(rng: np.random.Generator) -> MatMul:
    """A matrix product that adds its K terms one at a time, in a random order."""

    def matmul(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        shuffled = rng.permutation(a.shape[1])
        a, b = a.T[shuffled], b[shuffled]
        out = np.zeros((a.shape[1], b.shape[1]), a.dtype)
        if out.size == 1:  # of a single column NumPy adds pairs first
            return np.add.accumulate((a[:, 0] * b[:, 0]), dtype=a.dtype)[-1:].reshape(1, 1)
        block = max(1, 2**18 // out.size)  # as many terms at once as fit the processor's cache
        for k in range(0, len(a), block):
            terms = a[k : k + block, :, None] * b[k : k + block, None, :]
            terms[0] += out
            out = terms.sum(axis=0)  # along the first axis NumPy adds one term after another
        return out

    return matmul


def summed_loss(loss: np.ndarray, images: int) -> np.ndarray:
    """The largest relative error of float32 losses that are each summed one image after another.

    The k-th addition rounds a partial sum of k L uniformly by up to half a unit in its last place, so that the mean
    has a standard deviation of sqrt(Σ ulp(k L)² / 12) / N (derived 1.39e-7, measured 1.43e-7 for N = 100); six of
    these cover an epoch's batches. To it are added half a unit of the result, 2^-24 of a mean by a rounded 1/N, and an
    exponential and a logarithm that are off by two units, all to one side.

    Args:
        loss: (steps,) true mean losses.
        images: of a batch, N.

    Returns:
        (steps,) relative errors.
    """
    value = np.asarray(loss, np.float64)
    sums = np.spacing(np.multiply.outer(np.arange(2, images + 1), value).astype(np.float32)).astype(np.float64)
    summed = np.sqrt((sums**2).sum(axis=0) / 12) / images
    unit = np.spacing(value.astype(np.float32)).astype(np.float64)
    functions = 2 * np.finfo(np.float32).eps + 2 * float(np.spacing(np.float32(np.log(CLASSES))))
    return (unit / 2 + 6 * summed + functions) / value + 2.0**-24


def nudged(params: Params, rng: np.random.Generator, bits: int = 23) -> Params:
    """Every parameter moved by one unit in the last place, up or down at random.

    Args:
        params: float32.
        rng: decides which way.
        bits: explicit mantissa bits of the format whose last place is meant.
    """
    after = {}
    for name, p in params.items():
        up = rng.integers(0, 2, p.shape)
        step = np.nextafter(p, np.where(up, np.inf, -np.inf).astype(p.dtype)) - p
        # A parameter that is exactly 0 is so on purpose, and stays.
        after[name] = np.where(p == 0, p, p + step * p.dtype.type(2 ** (23 - bits)))
    return after


def programs(params: Params, precision: str, seed: int) -> Iterator[tuple[Params, MatMul]]:
    """Parameters and products of several honest evaluations in one precision.

    Args:
        params: canonical parameters, float32.
        precision: "fp32", "tf32" or "bf16".
        seed: of the orders and nudges.
    """
    rng = np.random.default_rng(seed)
    yield params, in_precision(precision, np.matmul)
    for _ in range(2):
        yield params, in_precision(precision, sequential_matmul(rng))
    if precision != "fp32":
        yield params, in_precision(precision, np.matmul, truncated)
    for _ in range(3):
        yield nudged(params, rng, MANTISSA_BITS[precision]), in_precision(precision, np.matmul)


def half_ulp(precision: str) -> float:
    """Half a unit in the last place of 1: the least that rounding costs, for a single evaluation can be lucky."""
    return 2.0 ** -(MANTISSA_BITS[precision] + 1)
