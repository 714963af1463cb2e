"""Intervals on ratios of paired rounds, from several blocks of fresh processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

LEAST_SPREAD = 1e-9
"""Blocks whose log ratios lie nearer together than this show no noise, so nothing follows from them; no clock is so
fine."""


@dataclass(frozen=True)
class Ratio:
    """How many times as long one thing takes as another.

    Attributes:
        value: geometric mean of the paired ratios.
        low: lower end of the 95 % interval; None where nothing shows the error: with one block, or without any noise.
        high: upper end, likewise.
    """

    value: float
    low: float | None
    high: float | None

    @property
    def distinguishable(self) -> bool:
        """Whether there is an interval and it excludes 1."""
        return self.low is not None and self.high is not None and not self.low <= 1 <= self.high

    def as_dict(self) -> dict[str, Any]:
        """``value``, and ``low`` and ``high`` where there is an interval."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def has_interval(ratio: dict[str, Any], blocks: Sequence[int]) -> bool:
    """Whether a stored ratio has an interval that may be shown: older files have one over the rounds of one block.

    Args:
        ratio: `Ratio.as_dict`.
        blocks: the block of each round that it comes from.
    """
    return "low" in ratio and "high" in ratio and len(set(blocks)) > 1


def paired_ratio(a: Sequence[float], b: Sequence[float], blocks: Sequence[int]) -> Ratio:
    """The ratio a / b of rounds that were run in turn.

    Each round of ``a`` is divided by the round of ``b`` beside it, so that a drift of the machine cancels. The interval
    is Student's t on the means of the log ratios of each block. Rounds of one block share their processes, and two
    processes of one program differ by some percent, so rounds are no replicates: with one block there is no interval.

    With the handful of blocks that an epoch benchmark can afford, this keeps its 95 % where a bootstrap of medians does
    not, for resampling never leaves the range of what was seen; tests/bench/stats/test_ratio.py has both.

    Args:
        a: seconds, positive.
        b: seconds of the rounds beside them, as many.
        blocks: the block of fresh processes that each round was in.
    """
    from scipy import stats  # half a second to import, which listing the benchmarks should not cost

    logs, numbers = np.log(np.asarray(a, float) / np.asarray(b, float)), np.asarray(blocks)
    means = np.array([logs[numbers == number].mean() for number in np.unique(numbers)])
    middle = float(means.mean())
    if len(means) < 2 or np.ptp(means) < LEAST_SPREAD:
        return Ratio(float(np.exp(middle)), None, None)
    half = float(stats.t.ppf(0.975, len(means) - 1) * means.std(ddof=1) / np.sqrt(len(means)))
    low, value, high = np.exp(middle + np.array([-half, 0.0, half]))
    return Ratio(float(value), float(low), float(high))
