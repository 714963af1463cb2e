"""Are two accuracies the same, for all that it matters? Two one-sided tests on paired differences.

A t-test that finds no difference has not shown that there is none. Equivalence is shown by rejecting both that the
mean difference is a margin or more, and that it is minus the margin or less, each at 5 % (TOST; D. J. Schuirmann,
"A comparison of the two one-sided tests procedure and the power approach for assessing the equivalence of average
bioavailability", J. Pharmacokinetics and Biopharmaceutics 15, 1987). That is so exactly where the 90 % interval of
the mean lies within the margin. All of this takes differences to be independent and about normal, and their number to
be fixed beforehand: who looks again and again until something is settled errs more often (`docs/statistics.md`).

Two or three differences may be equal by chance, and would then show no deviation at all, and so no doubt. So the
deviation is never taken to be less than what the size of the test set leaves open (`discordance`), and two pairs have
no verdict.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.stats.student import Interval, half_widths, moments

MARGIN = 0.01
"""The mean difference in accuracy, as a fraction, from which on two backends are not equivalent: 1.0 points."""

LEVEL = 0.05
"""Of each one-sided test, and of calling something different that is not."""

LEAST_PAIRS = 3
"""Fewer have no verdict: with two, the deviation itself is a matter of luck."""

TEST_IMAGES = 10_000
"""Of CIFAR-10, which accuracies are fractions of."""

MOST_PAIRS = 1000
"""More pairs than anybody will run; it is not estimated what comes of so many."""


@dataclass(frozen=True)
class Equivalence:
    """What paired differences say of two backends; in the differences' own unit, for accuracies a fraction.

    Attributes:
        pairs: how many there are.
        standard_deviation: of the differences, at least `discordance`; None for one pair.
        interval95: the mean difference with its 95 % interval.
        interval90: the same with its 90 % interval.
        p: of the two one-sided tests, the larger of both; None for fewer than `LEAST_PAIRS`.
        margin: that the mean difference must stay within.
        verdict: "equivalent" (the 90 % interval lies within the margin), "different" (the 95 % interval lies wholly
            outside) or "inconclusive".
    """

    pairs: int
    standard_deviation: float | None
    interval95: Interval
    interval90: Interval
    p: float | None
    margin: float
    verdict: str

    @property
    def mean(self) -> float:
        """The mean difference."""
        return self.interval95.mean

    @property
    def further_pairs(self) -> int | None:
        """How many more pairs would settle it, should their mean and standard deviation stay what they are.

        An estimate, since they will not. None where it is settled, where one pair alone shows no deviation, and
        where no total under `MOST_PAIRS` would.
        """
        if self.verdict != "inconclusive" or self.standard_deviation is None:
            return None
        totals = np.arange(max(self.pairs + 1, LEAST_PAIRS), MOST_PAIRS)
        within = abs(self.mean) + half_widths(self.standard_deviation, totals, 1 - 2 * LEVEL) < self.margin
        outside = abs(self.mean) - half_widths(self.standard_deviation, totals, 1 - LEVEL) > self.margin
        enough = totals[within | outside]
        return int(enough[0]) - self.pairs if len(enough) else None

    @property
    def sentence(self) -> str:
        """The verdict and what it rests on, in points (hundredths)."""
        mean, margin = f"The mean difference is {points(self.mean)} points", f"±{100 * self.margin:.1f} points"
        if self.standard_deviation is None:
            return f"{mean}, of one pair, whose error is unknown: inconclusive at {margin}."
        mean += f" (95 % interval {range_text(self.interval95)}, {self.pairs} pairs)"
        if self.p is None:
            return f"{mean}; a verdict takes {LEAST_PAIRS} pairs: inconclusive at {margin}."
        if self.verdict == "equivalent":
            within = f"its 90 % interval, {range_text(self.interval90)}, lies within {margin}"
            return f"{mean}; {within}: equivalent (TOST, p {p_text(self.p)})."
        if self.verdict == "different":
            return f"{mean}; that interval lies wholly outside {margin}: different."
        more = self.further_pairs
        outlook = f"about {more} more would settle it" if more else f"no total under {MOST_PAIRS} would settle it"
        outlook += ", and each further look adds to the chance of an error" if more else ""
        return f"{mean}: inconclusive at {margin}; should mean and spread stay what they are, {outlook}."


def points(fraction: float) -> str:
    """A difference in percentage points, with its sign."""
    return f"{round(100 * fraction, 2) + 0.0:+.2f}"  # adding 0 makes -0.00 a +0.00


def p_text(p: float) -> str:
    """A p-value as tables show it."""
    return f"{p:.4f}" if p >= 0.0001 else "<0.0001"


def range_text(interval: Interval) -> str:
    """The ends of an interval of differences, in percentage points."""
    return f"{points(interval.low)} to {points(interval.high)}"


def discordance(differences: Sequence[float], images: int = TEST_IMAGES) -> float:
    """The least standard deviation that differences of two accuracies on so many test images can have.

    Of two classifiers, b images are right by the first alone and c by the second alone, and the difference is
    (b - c) / N. Which images a test set has is chance, and this makes its variance (b + c - (b - c)² / N) / N²
    (Q. McNemar, "Note on the sampling error of the difference between correlated proportions or percentages",
    Psychometrika 12, 1947). How many they disagree on is not stored; it is |b - c| at least, and one image at least,
    for else nothing could differ.

    Args:
        differences: of accuracies, fractions.
        images: that each accuracy is of.
    """
    sizes = np.abs(np.asarray(differences, float))
    variances = np.maximum(sizes * (1 - sizes) * images, 1.0)
    return float(np.sqrt(variances.mean())) / images


def difference_interval(differences: Sequence[float], images: int = TEST_IMAGES) -> Interval:
    """The mean of paired differences of accuracies with its 95 % interval; all numbers for a single pair.

    Args:
        differences: of accuracies, fractions.
        images: that each accuracy is of.

    Raises:
        ValueError: no differences, or one that is not finite.
    """
    mean, deviation = _moments(differences, images)
    return _interval(mean, deviation, len(differences), 1 - LEVEL)


def _moments(differences: Sequence[float], images: int) -> tuple[float, float | None]:
    """Their mean and standard deviation, the latter at least `discordance`; None for that of a single one."""
    mean, deviation = moments(differences)
    return mean, None if deviation is None else max(deviation, discordance(differences, images))


def equivalence(differences: Sequence[float], margin: float = MARGIN, images: int = TEST_IMAGES) -> Equivalence:
    """Two one-sided tests of paired differences.

    Args:
        differences: of accuracies, fractions, one a pair.
        margin: that the mean difference must stay within, positive.
        images: in the test set that the accuracies are of.

    Raises:
        ValueError: no differences, one that is not finite, or a margin that is not positive.
    """
    if margin <= 0:
        raise ValueError(f"A margin of {margin} is not positive.")
    pairs = len(differences)
    mean, deviation = _moments(differences, images)
    interval95, interval90 = (
        _interval(mean, deviation, pairs, confidence) for confidence in (1 - LEVEL, 1 - 2 * LEVEL)
    )
    if deviation is None or pairs < LEAST_PAIRS:
        return Equivalence(pairs, deviation, interval95, interval90, None, margin, "inconclusive")
    if -margin < interval90.low and interval90.high < margin:
        verdict = "equivalent"
    elif interval95.low > margin or interval95.high < -margin:
        verdict = "different"
    else:
        verdict = "inconclusive"
    p = _tost(mean, deviation, pairs, margin)
    return Equivalence(pairs, deviation, interval95, interval90, p, margin, verdict)


def _interval(mean: float, deviation: float | None, pairs: int, confidence: float) -> Interval:
    if deviation is None:
        return Interval(mean, -math.inf, math.inf)
    half = float(half_widths(deviation, np.array([pairs]), confidence)[0])
    return Interval(mean, mean - half, mean + half)


def _tost(mean: float, deviation: float, pairs: int, margin: float) -> float:
    """The larger p-value of the two one-sided t-tests, against a mean of ``margin`` and one of ``-margin``."""
    from scipy import stats

    # The bound that lies nearer to the mean is the harder one to reject.
    return float(stats.t.sf((margin - abs(mean)) * math.sqrt(pairs) / deviation, pairs - 1))
