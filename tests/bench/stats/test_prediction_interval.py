"""A prediction interval holds one more value as often as it says."""

from __future__ import annotations

import math

import numpy as np

from bench.stats.student import prediction_interval


def test_a_prediction_interval_holds_one_more_value_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    values = rng.standard_normal((4000, 6))
    inside = 0
    for row_ in values:
        low, high = prediction_interval(row_[:5])
        inside += low <= row_[5] <= high
    # Binomial: 95 % of 4000 with a standard deviation of 13.8; the interval of the mean would hold 64 %.
    assert abs(inside - 3800) < 4 * 13.8
    assert prediction_interval([1.0]) == (-math.inf, math.inf)
