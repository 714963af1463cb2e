"""The one shuffle that every backend follows."""

from __future__ import annotations

import numpy as np

from impls.errors import LenetError


def epoch_order(seed: int, epoch: int, size: int, batch_size: int) -> np.ndarray:
    """The order in which an epoch visits a split.

    A pure function of its arguments, so that any process can compute it: a permutation drawn from NumPy's
    PCG64 seeded with ``[seed, epoch]``.

    Args:
        seed: of the run.
        epoch: counted from 0.
        size: number of images in the split.
        batch_size: images per step.

    Returns:
        (steps, batch_size) int64: row ``k`` holds the indices of step ``k``. Every index of
        ``range(size)`` appears exactly once.

    Raises:
        LenetError: if ``batch_size`` does not divide ``size``: a dropped or short last batch is one of the
            ways in which implementations silently differ.
    """
    if batch_size < 1 or size % batch_size:
        raise LenetError(
            f"A batch of {batch_size} does not divide {size:,} images, and no batch may be dropped or short; "
            "choose a divisor."
        )
    return np.random.default_rng([seed, epoch]).permutation(size).reshape(-1, batch_size)
