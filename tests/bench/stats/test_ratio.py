"""The interval on a ratio: right by hand, and as often right as it claims."""

from __future__ import annotations

import numpy as np
import pytest

from bench.stats.ratio import has_interval, paired_ratio


def test_by_hand() -> None:
    """Ratios 2 and 8: geometric mean 4, and t(0.975, 1) = 12.706 standard errors of log 2 either way."""
    ratio = paired_ratio([2.0, 8.0], [1.0, 1.0], [0, 1])
    assert ratio.value == pytest.approx(4)
    assert ratio.low is not None
    assert np.log(4 / ratio.low) == pytest.approx(12.7062 * np.log(2), rel=1e-4)


def test_a_drift_of_the_machine_cancels() -> None:
    drift, noise = np.array([1.0, 1.5, 2.0, 3.0]), np.array([1.0, 1.0001, 1.0, 1.0001])
    ratio = paired_ratio(list(2 * drift * noise), list(drift), range(4))
    assert (ratio.low, ratio.high) == (pytest.approx(2, rel=1e-3), pytest.approx(2, rel=1e-3))


def test_blocks_without_any_noise_have_no_interval() -> None:
    """As equal differences show no deviation: a clock that reads the same twice has not shown that nothing varies."""
    ratio = paired_ratio([2.0, 2.0], [1.0, 1.0], [0, 1])
    assert (ratio.value, ratio.low, ratio.high) == (2.0, None, None)
    assert not ratio.distinguishable


def test_one_block_has_no_interval_however_many_rounds() -> None:
    ratio = paired_ratio([3.0, 3.3, 2.9, 3.0], [2.0, 2.1, 2.0, 2.2], [5, 5, 5, 5])
    assert ratio.value == pytest.approx((3 / 2 * 3.3 / 2.1 * 2.9 / 2 * 3 / 2.2) ** 0.25)
    assert (ratio.low, ratio.high) == (None, None)
    assert not ratio.distinguishable
    assert set(ratio.as_dict()) == {"value"}


def test_an_interval_of_an_older_file_is_shown_where_it_is_over_blocks() -> None:
    stored = {"value": 1.5, "low": 1.4, "high": 1.6}
    assert has_interval(stored, [0, 0, 1])
    assert not has_interval(stored, [0, 0, 0])
    assert not has_interval({"value": 1.5}, [0, 1])


@pytest.mark.parametrize("rounds", [3, 10])
def test_two_equal_programs_are_never_told_apart_by_one_block(rounds: int) -> None:
    """Over the rounds of one pair of processes, an interval errs in a third to three quarters of all runs."""
    rng, block, replicate, found, wrong = np.random.default_rng(0), [0] * rounds, range(rounds), 0, 0
    for _ in range(200):
        a, b = (list(np.exp(0.02 * rng.standard_normal() + 0.01 * rng.standard_normal(rounds))) for _ in range(2))
        found += paired_ratio(a, b, block).distinguishable
        wrong += paired_ratio(a, b, replicate).distinguishable
    assert found == 0
    assert wrong > 0.3 * 200


def share_found_different(true: float) -> float:
    """Of 400 comparisons of 7 blocks with 3 % noise, how many tell the two apart."""
    rng = np.random.default_rng(0)
    found = 0
    for _ in range(400):
        a, b = (np.exp(0.03 * rng.standard_normal(7)) for _ in range(2))
        found += paired_ratio(list(true * a), list(b), range(7)).distinguishable
    return found / 400


def test_equal_things_are_told_apart_as_rarely_as_a_95_percent_interval_promises() -> None:
    # Three standard deviations of a binomial proportion with n = 400 and p = 0.05 are 0.033.
    assert share_found_different(1.0) == pytest.approx(0.05, abs=0.033)


def test_something_10_percent_slower_is_found_slower() -> None:
    assert share_found_different(1.1) >= 0.95


def test_a_bootstrap_of_medians_would_not_keep_its_95_percent() -> None:
    """Why the interval is Student's: equal things, 4 blocks of 2 rounds, processes 2 % and rounds 2.5 % apart."""
    rng, blocks = np.random.default_rng(0), np.arange(4).repeat(2)
    ours = theirs = 0
    for _ in range(400):
        a, b = (
            np.exp(0.02 * rng.standard_normal(4).repeat(2) + 0.025 * rng.standard_normal(8)).reshape(4, 2) for _ in "ab"
        )
        ours += paired_ratio(a.ravel().tolist(), b.ravel().tolist(), blocks.tolist()).distinguishable
        drawn = rng.integers(0, 4, (500, 4))
        medians = np.median(a[drawn].reshape(500, 8), axis=1) / np.median(b[drawn].reshape(500, 8), axis=1)
        low, high = np.percentile(medians, [2.5, 97.5])
        theirs += not low <= 1 <= high
    assert ours / 400 == pytest.approx(0.05, abs=0.033)
    assert theirs / 400 > 0.10


def share_of_errors(unit_is_the_block: bool) -> float:
    """Of 400 comparisons of equal things, 4 blocks of 2 rounds, whose processes differ by 2 %, how many err."""
    rng, found, blocks = np.random.default_rng(0), 0, [0, 0, 1, 1, 2, 2, 3, 3]
    for _ in range(400):
        a, b = (np.exp(0.02 * rng.standard_normal(4).repeat(2) + 0.01 * rng.standard_normal(8)) for _ in range(2))
        found += paired_ratio(list(a), list(b), blocks if unit_is_the_block else range(8)).distinguishable
    return found / 400


def test_intervals_hold_where_processes_differ() -> None:
    # Three standard deviations of a binomial proportion with n = 400 and p = 0.05 are 0.033.
    assert share_of_errors(unit_is_the_block=True) == pytest.approx(0.05, abs=0.033)
    assert share_of_errors(unit_is_the_block=False) > 0.10, "rounds for the unit would do as well"
