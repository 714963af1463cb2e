"""Scatter is split into that of rounds and that of blocks as the formulas have it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bench.stats.components import components


def test_by_hand() -> None:
    """Logs 0 and 2, 4 and 6: rounds deviate by sqrt(2), means are 1 and 5; of their variance 8, rounds explain 1."""
    found = components(list(np.exp([0.0, 2.0, 4.0, 6.0])), [3, 3, 1, 1])
    assert list(found.means) == pytest.approx([1, 5])
    assert found.within == pytest.approx(math.sqrt(2))
    assert found.between == pytest.approx(math.sqrt(7))
    assert found.half_width == pytest.approx(12.7062 * math.sqrt(8) / math.sqrt(2), rel=1e-4)
    assert list(found.trends) == pytest.approx([2, 2])
    assert found.out_of_line(1) == pytest.approx(4)


def test_both_deviations_are_found_however_many_rounds() -> None:
    rng = np.random.default_rng(0)
    for rounds in (2, 5, 20):
        logs = 0.03 * rng.standard_normal((400, 1)) + 0.05 * rng.standard_normal((400, rounds))
        found = components(list(np.exp(logs).ravel()), list(np.repeat(range(400), rounds)))
        assert found.within == pytest.approx(0.05, rel=0.1)
        assert found.between == pytest.approx(0.03, rel=0.15)


def test_what_cannot_be_known_is_none() -> None:
    one = components([1.0, 2.0], [0, 0])
    assert (one.between, one.half_width, one.out_of_line(0)) == (None, math.inf, 0.0)
    single = components([1.0, 2.0], [0, 1])
    assert (single.within, single.within_others(0), len(single.trends)) == (None, None, 0)
    assert single.between == pytest.approx(math.log(2) / math.sqrt(2))
