"""Two one-sided tests: right by hand, as scipy has them, and as rarely wrong as they promise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from bench.stats.equivalence import MARGIN, difference_interval, discordance, equivalence


def test_by_hand() -> None:
    """Mean 0.2, deviation 0.1, error 0.1 / sqrt(3); t(0.95, 2) = 2.919986 and t(0.975, 2) = 4.302653 of it."""
    found = equivalence([0.1, 0.2, 0.3], margin=0.5)
    error = 0.1 / math.sqrt(3)
    assert found.mean == pytest.approx(0.2)
    assert found.standard_deviation == pytest.approx(0.1)
    assert found.interval90.low == pytest.approx(0.2 - 2.919986 * error, rel=1e-6)
    assert found.interval90.high == pytest.approx(0.2 + 2.919986 * error, rel=1e-6)
    assert found.interval95.low == pytest.approx(0.2 - 4.302653 * error, rel=1e-6)
    assert found.interval95.high == pytest.approx(0.2 + 4.302653 * error, rel=1e-6)
    t = (0.5 - 0.2) / error  # Student's t of 2 degrees of freedom has its tail in closed form
    assert found.p == pytest.approx(0.5 * (1 - t / math.sqrt(2 + t * t)))
    assert found.verdict == "equivalent"


@pytest.mark.parametrize("mean", [-0.02, -0.009, -0.003, 0.0, 0.001, 0.008, 0.01, 0.03])
@pytest.mark.parametrize("pairs", [3, 5, 10])
def test_p_and_verdict_are_those_of_two_t_tests(mean: float, pairs: int) -> None:
    differences = list(np.random.default_rng(pairs).normal(mean, 0.004, pairs))
    found = equivalence(differences)
    above = stats.ttest_1samp(differences, -MARGIN, alternative="greater").pvalue
    below = stats.ttest_1samp(differences, MARGIN, alternative="less").pvalue
    assert found.p == pytest.approx(max(above, below))
    assert (found.verdict == "equivalent") == (found.p is not None and found.p < 0.05)
    outside = (
        abs(found.mean) > MARGIN and stats.ttest_1samp(differences, math.copysign(MARGIN, found.mean)).pvalue < 0.05
    )
    assert (found.verdict == "different") == outside


def verdicts(gap: float, deviation: float, pairs: int, times: int = 2000) -> list[str]:
    rng = np.random.default_rng(pairs)
    return [equivalence(list(rng.normal(gap, deviation, pairs))).verdict for _ in range(times)]


# Three standard deviations of a binomial proportion with n = 2000 and p = 0.05 are 0.0146.
@pytest.mark.slow
@pytest.mark.parametrize("pairs", [5, 10])
@pytest.mark.parametrize("gap", [MARGIN, -MARGIN])
def test_a_gap_of_the_margin_is_called_equivalent_one_time_in_twenty_at_most(gap: float, pairs: int) -> None:
    assert verdicts(gap, 0.003, pairs).count("equivalent") / 2000 <= 0.05 + 0.0146


def test_a_wide_spread_is_no_way_to_equivalence() -> None:
    assert verdicts(0.0, 0.03, 5).count("equivalent") / 2000 <= 0.05 + 0.0146


@pytest.mark.parametrize("pairs", [5, 10])
def test_equal_backends_of_a_small_spread_are_equivalent_and_far_ones_different(pairs: int) -> None:
    assert verdicts(0.0, 0.003, pairs, 200).count("equivalent") >= 0.99 * 200
    assert verdicts(0.03, 0.003, pairs, 200).count("different") >= 0.99 * 200


def test_one_pair_alone_is_inconclusive() -> None:
    for difference in (0.0, 0.3):
        found = equivalence([difference])
        assert (found.verdict, found.p, found.further_pairs) == ("inconclusive", None, None)
        assert found.interval95.low == -math.inf
        assert "inconclusive" in found.sentence


def test_two_equal_differences_are_no_proof() -> None:
    """They had a deviation of 0, and were "equivalent, p < 0.0001"."""
    found = equivalence([0.0013, 0.0013])
    assert (found.verdict, found.p) == ("inconclusive", None)
    assert found.standard_deviation is not None
    assert found.standard_deviation > 0
    assert found.interval90.low < 0.0013 < found.interval90.high
    assert "(95 % interval -0.19 to +0.45, 2 pairs); a verdict takes 3 pairs: inconclusive" in found.sentence
    assert found.further_pairs == 1


@pytest.mark.parametrize("differences", [[0.02, 0.02], [0.0, 0.0], [0.03, 0.031]])
def test_two_pairs_have_no_verdict(differences: list[float]) -> None:
    assert equivalence(differences).verdict == "inconclusive"


def test_the_least_deviation_by_hand() -> None:
    """Of 10,000 images, 25 disagreed on at least, less 25² / 10,000; and 1 where nothing differs."""
    assert discordance([0.0025, -0.0025]) == pytest.approx(math.sqrt(25 - 0.0625) / 10_000)
    assert discordance([0.0025, 0.0]) == pytest.approx(math.sqrt((25 - 0.0625 + 1) / 2) / 10_000)
    assert discordance([0.01], images=100) == pytest.approx(1 / 100)


def test_three_equal_differences_have_the_deviation_of_the_images_they_differ_on() -> None:
    found = equivalence([0.0025] * 3)
    deviation = math.sqrt(25 - 0.0625) / 10_000
    assert found.standard_deviation == pytest.approx(deviation)
    t = (MARGIN - 0.0025) * math.sqrt(3) / deviation
    assert found.p == pytest.approx(stats.t.sf(t, 2))
    assert found.p is not None
    assert found.p > 0.0001
    few = equivalence([0.0] * 3, images=100)
    assert few.verdict == "inconclusive", "a hundred images cannot show that one in a hundred is the same"


def test_the_interval_of_equal_differences_is_no_point() -> None:
    """Two equal gains would else be a gain beyond any doubt."""
    interval = difference_interval([0.001, 0.001])
    assert interval.low < 0 < interval.high
    assert difference_interval([0.001]).low == -math.inf
    spread = [0.001, 0.004, 0.01]
    assert difference_interval(spread) == equivalence(spread).interval95


def test_identical_runs_are_equivalent() -> None:
    found = equivalence([0.0] * 5)
    assert found.verdict == "equivalent"
    assert found.p is not None
    assert 0 < found.p < 1e-4
    assert "+0.00 points (95 % interval -0.01 to +0.01, 5 pairs)" in found.sentence
    assert equivalence([0.25] * 3).verdict == "different"


def test_the_least_deviation_is_below_what_twins_show() -> None:
    """Ten pairs of pytorch:eager and its twin differ by 0.22 points: a floor above that would hide what is known."""
    rng = np.random.default_rng(0)
    for _ in range(100):
        right = rng.binomial(500, 0.5, 5) - rng.binomial(500, 0.5, 5)  # of a thousand images disagreed on, for each
        differences = right / 10_000
        assert discordance(list(differences)) < 0.0022


def spread_out(mean: float, deviation: float, pairs: int) -> list[float]:
    """So many differences of exactly this mean and standard deviation."""
    shape = np.arange(pairs) - (pairs - 1) / 2
    return list(mean + deviation * shape / shape.std(ddof=1))


@pytest.mark.parametrize(("mean", "deviation"), [(0.0, 0.0113), (0.004, 0.009), (-0.012, 0.004)])
def test_the_number_of_further_pairs_is_the_least_that_settles_it(mean: float, deviation: float) -> None:
    found = equivalence(spread_out(mean, deviation, 5))
    assert found.verdict == "inconclusive"
    assert found.further_pairs is not None
    assert (found.further_pairs == 1) == (mean == 0)  # the first is the one at the edge
    total = 5 + found.further_pairs
    assert equivalence(spread_out(mean, deviation, total)).verdict == ("different" if mean < 0 else "equivalent")
    assert equivalence(spread_out(mean, deviation, total - 1)).verdict == "inconclusive"
    assert f"about {found.further_pairs} more" in found.sentence
    assert "each further look adds to the chance of an error" in found.sentence


def test_a_mean_at_the_margin_is_settled_by_no_number_of_pairs() -> None:
    found = equivalence([MARGIN - 0.02, MARGIN + 0.02] * 2)
    assert (found.verdict, found.further_pairs) == ("inconclusive", None)
    assert "no total under 1000 would settle it" in found.sentence


@pytest.mark.parametrize("differences", [[], [0.0, math.nan], [math.inf, 0.0]])
def test_differences_that_are_none_are_refused(differences: list[float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        equivalence(differences)
