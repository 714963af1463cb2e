"""The best step of a series is where it is, and as high."""

from __future__ import annotations

import numpy as np
import pytest

from bench.stats.step import best_step


def test_by_hand() -> None:
    """Levels 1 and 3: four values are 0.5 off, so the sum of squares is 1, over five less two values."""
    step = best_step([0.5, 1.5, 2.5, 3.0, 3.5])
    assert step is not None
    assert (step.first, step.height) == (2, pytest.approx(2))
    assert step.scatter == pytest.approx((1 / 3) ** 0.5)


@pytest.mark.parametrize("first", [1, 5, 19])
def test_a_step_is_found_where_it_is(first: int) -> None:
    values = 0.01 * np.random.default_rng(first).standard_normal(20)
    values[first:] -= 0.2
    step = best_step(list(values))
    assert step is not None
    assert (step.first, step.height) == (first, pytest.approx(-0.2, abs=0.03))


def test_of_three_values_there_is_none() -> None:
    assert best_step([1.0, 2.0, 3.0]) is None
