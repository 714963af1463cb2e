"""When is a ratio known well enough? A rule that stops early and keeps what a 95 % interval claims.

Who looks at an interval after every block and stops once it is narrow stops, among other times, when a few blocks came
to lie near each other by chance. Their interval is then too narrow: with a look after the third of four blocks, 93.5 %
of the intervals hold the true ratio, at worst, in place of 95 %. So an interval that is stopped early is made `WIDER`,
before it is judged and where it is shown. Whatever the scatter of the blocks, 94.4 % and more then hold the true ratio
(`coverage`; tests/bench/stats/test_stopping.py).

Stein's rule (Annals of Mathematical Statistics 16, 1945) would keep 95 % exactly: it takes the scatter from the first
blocks alone. But then the interval of four blocks is as wide as Student's t of the first three makes it, a third wider
than that of all four, wherever the rule does not stop; and on a machine as ours it seldom does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bench.stats.ratio import Ratio
from bench.stats.student import half_widths

PRECISION = 0.02
"""Half the width of the interval of a ratio, relative to it, at which it is known well enough."""

FEWEST = 3
"""Blocks before which no ratio counts as known: two may lie near each other by chance far too often."""

WIDER = 1.5
"""By how much the interval of a ratio that was stopped early is wider than Student's t makes it, in its logarithm.

Of up to four blocks, so many intervals hold the true ratio at worst: 94.2 % with 1.25, 94.5 % with 1.5, 94.7 % with 2.
"""


def known(logs: Sequence[float], *, precision: float = PRECISION) -> bool:
    """Whether a ratio needs no further block.

    Args:
        logs: the logarithm of the ratio in each block so far, independent of one another.
        precision: half the width of its interval that is enough, relative to the ratio.
    """
    count = len(logs)
    if count < FEWEST:
        return False
    half = WIDER * float(half_widths(float(np.std(logs, ddof=1)), np.array([count]), 0.95)[0])
    return half <= math.log1p(precision)


def widened(ratio: Ratio, factor: float = WIDER) -> Ratio:
    """A ratio with an interval that is so much wider, in its logarithm; without one it stays as it is."""
    if ratio.low is None or ratio.high is None:
        return ratio
    low, high = (ratio.value * (end / ratio.value) ** factor for end in (ratio.low, ratio.high))
    return replace(ratio, low=low, high=high)


def coverage(
    deviation: float, rng: np.random.Generator, *, most: int = 4, factor: float = WIDER, tries: int = 10_000
) -> tuple[float, float]:
    """How many intervals hold the true ratio under this rule, as a share, and how many blocks it takes, on average.

    Args:
        deviation: standard deviation of the logarithm of the ratio from block to block, normally distributed.
        rng: to draw from.
        most: blocks after which there is no other.
        factor: in place of `WIDER`; 1 is the rule that looks and stops.
        tries: how many schedules are simulated.
    """
    logs = rng.normal(0.0, deviation, (tries, most))
    held, blocks, running = np.zeros(tries, bool), np.full(tries, most), np.ones(tries, bool)
    for count in range(FEWEST, most + 1):
        seen, wide = logs[:, :count], factor if count < most else 1.0
        half = wide * half_widths(1.0, np.array([count]), 0.95)[0] * seen.std(axis=1, ddof=1)
        ends = running & ((half <= math.log1p(PRECISION)) | (count == most))
        held[ends], blocks[ends] = (np.abs(seen.mean(axis=1)) <= half)[ends], count
        running &= ~ends
    return float(held.mean()), float(blocks.mean())
