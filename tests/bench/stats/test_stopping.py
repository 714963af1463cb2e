"""A ratio that is known needs no further block, and stopping there keeps what its interval claims."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bench.stats.ratio import Ratio, paired_ratio
from bench.stats.stopping import FEWEST, PRECISION, WIDER, coverage, known, widened

DEVIATIONS = (0.002, 0.004, 0.007, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.08)
"""Of a ratio from block to block; at a fortieth, stopping by chance does the most harm."""
TRIES = 40_000


def test_two_blocks_are_never_enough() -> None:
    assert not known([])
    assert not known([0.1])
    assert not known([0.1, 0.1])
    assert known([0.1, 0.1, 0.1])
    assert FEWEST == 3


def test_a_ratio_is_known_where_its_wider_interval_is_within_two_percent() -> None:
    for scale in np.linspace(0.001, 0.03, 30):
        logs = [0.5 - scale, 0.5, 0.5 + scale]
        ratio = widened(paired_ratio([math.exp(x) for x in logs], [1.0] * 3, [0, 1, 2]))
        assert ratio.high
        assert known(logs) == (ratio.high / ratio.value <= 1 + PRECISION)


def test_one_slow_process_in_three_blocks_asks_for_another() -> None:
    assert not known([0.0, 0.001, 0.05])


def test_a_wider_interval_is_wider_in_its_logarithm() -> None:
    ratio = widened(Ratio(2.0, 2.0 / 1.1, 2.0 * 1.1), 2.0)
    assert (ratio.value, ratio.low, ratio.high) == (2.0, pytest.approx(2.0 / 1.21), pytest.approx(2.0 * 1.21))
    assert widened(Ratio(2.0, None, None)) == Ratio(2.0, None, None)


@pytest.mark.parametrize("deviation", DEVIATIONS)
def test_stopping_early_keeps_the_interval(deviation: float) -> None:
    """A standard error of the simulated share is 0.1 %."""
    held, blocks = coverage(deviation, np.random.default_rng(17), tries=TRIES)
    assert held >= 0.94
    assert FEWEST <= blocks <= 4


def test_looking_and_stopping_would_not() -> None:
    """Without the wider interval; so `coverage` can fail."""
    held = [coverage(d, np.random.default_rng(17), factor=1.0, tries=TRIES)[0] for d in DEVIATIONS]
    assert min(held) < 0.938


def test_it_saves_blocks_where_blocks_are_alike_and_none_where_they_are_not() -> None:
    assert coverage(0.002, np.random.default_rng(17), tries=TRIES)[1] < 3.1
    assert coverage(0.04, np.random.default_rng(17), tries=TRIES)[1] > 3.95
    assert WIDER > 1
