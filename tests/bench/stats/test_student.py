"""The mean of a few figures has Student's interval."""

from __future__ import annotations

import pytest

from bench.stats.student import mean_interval


def test_mean_of_one_backend() -> None:
    """Of 0.4 and 0.6: deviation 0.2 / sqrt(2), error 0.1, and t(0.975, 1) = 12.7062 of it."""
    found = mean_interval([0.4, 0.6])
    assert (found.mean, found.low, found.high) == pytest.approx((0.5, 0.5 - 1.27062, 0.5 + 1.27062), rel=1e-5)
