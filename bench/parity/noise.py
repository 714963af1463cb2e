"""How far apart two correct float32 programs may be, measured and not chosen.

The oracle is evaluated in float32 under several orders of summation and with its parameters nudged by one
unit in the last place; the largest distance of these from its float64 self is the noise of a quantity.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from impls.reference import MatMul
from impls.spec import Params

SAFETY = 4.0
"""Tolerance over measured noise. The worst order of summation, one term at a time, is among those measured,
and real programs sum in blocks, whose error is smaller; so this only has to cover that the noise is the
largest of a handful of draws. The planted defects of the tests lie orders of magnitude above it."""


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
        block = max(1, 2**18 // out.size)  # as many terms at once as fit the processor's cache
        for k in range(0, len(a), block):
            terms = a[k : k + block, :, None] * b[k : k + block, None, :]
            terms[0] += out
            out = terms.sum(axis=0)  # along the first axis NumPy adds one term after another
        return out

    return matmul


def nudged(params: Params, rng: np.random.Generator) -> Params:
    """Every parameter moved by one unit in the last place, up or down at random."""
    return {
        name: np.nextafter(p, np.where(rng.integers(0, 2, p.shape), np.inf, -np.inf).astype(p.dtype))
        for name, p in params.items()
    }


def float32_programs(params: Params, seed: int) -> Iterator[tuple[Params, MatMul]]:
    """Parameters and products of several honest float32 evaluations.

    Args:
        params: canonical parameters, float32.
        seed: of the orders and nudges.
    """
    rng = np.random.default_rng(seed)
    yield params, np.matmul
    for _ in range(2):
        yield params, sequential_matmul(rng)
    for _ in range(3):
        yield nudged(params, rng), np.matmul
