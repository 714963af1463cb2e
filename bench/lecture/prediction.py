"""Where would one more run fall?

A single run, as the lecture shows one, is to be held against that and not against the mean.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


def prediction_interval(values: Sequence[float], confidence: float = 0.95) -> tuple[float, float]:
    """The interval that one further value of the same normal population falls into with this confidence.

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
