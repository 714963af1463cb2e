"""Where a series steps from one level to another: the split that leaves the least scatter around two levels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Step:
    """The best split of a series in two.

    Attributes:
        first: place of the first value after it.
        height: mean after it less mean before it.
        scatter: standard deviation of the values around the two levels.
    """

    first: int
    height: float
    scatter: float


def best_step(values: Sequence[float]) -> Step | None:
    """The split in two levels by least squares; None of fewer than four values, which any two levels fit."""
    x = np.asarray(values, float)
    count = len(x)
    if count < 4:
        return None
    x = x - x.mean()
    before = np.arange(1, count)
    low, high = np.cumsum(x)[:-1] / before, -np.cumsum(x)[:-1] / (count - before)
    explained = before * low**2 + (count - before) * high**2
    best = int(np.argmax(explained))
    left = max(0.0, float(x @ x - explained[best]))
    return Step(best + 1, float(high[best] - low[best]), math.sqrt(left / (count - 2)))
