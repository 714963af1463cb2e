"""Student's t: where a mean may lie, and where one more value would fall."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Interval:
    """A mean and what it may be.

    Attributes:
        mean: of the values.
        low: lower end of the t-interval of the mean; minus infinity for a single value, which shows no spread.
        high: upper end; infinity, likewise.
    """

    mean: float
    low: float
    high: float


def mean_interval(values: Sequence[float], confidence: float = 0.95) -> Interval:
    """The mean of independent values with its t-interval, e.g. of one backend's accuracies over seeds.

    Raises:
        ValueError: no values, or one that is not finite.
    """
    mean, deviation = moments(values)
    if deviation is None:
        return Interval(mean, -math.inf, math.inf)
    half = float(half_widths(deviation, np.array([len(values)]), confidence)[0])
    return Interval(mean, mean - half, mean + half)


def moments(values: Sequence[float]) -> tuple[float, float | None]:
    """Mean and sample standard deviation; None for that of a single value."""
    array = np.asarray(values, np.float64)
    if not array.size or not np.isfinite(array).all():
        raise ValueError("A mean is of one finite value at least, and of finite values only.")
    return float(array.mean()), float(array.std(ddof=1)) if array.size > 1 else None


def half_widths(deviation: float, totals: np.ndarray, confidence: float) -> np.ndarray:
    """Half the width of the t-interval of a mean, for each total number of values (at least 2)."""
    from scipy import stats  # half a second to import, which only those who test should pay

    return stats.t.ppf((1 + confidence) / 2, totals - 1) * deviation / np.sqrt(totals)


def prediction_interval(values: Sequence[float], confidence: float = 0.95) -> tuple[float, float]:
    """The interval that one further value of the same normal population falls into with this confidence.

    A single run, as the lecture shows one, is to be held against that and not against the mean.

    Mean ± t·s·sqrt(1 + 1/n), Student's t of n - 1 degrees of freedom (Hahn & Meeker, "Statistical Intervals", 1991,
    section 4.7). A single value gives none: it is then all numbers.
    """
    from scipy import stats  # half a second to import, which only those who test should pay

    n = len(values)
    if n < 2:
        return -math.inf, math.inf
    half = float(stats.t.ppf((1 + confidence) / 2, n - 1) * np.std(values, ddof=1) * math.sqrt(1 + 1 / n))
    mean = float(np.mean(values))
    return mean - half, mean + half
