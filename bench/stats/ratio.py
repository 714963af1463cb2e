"""Intervals on ratios of paired rounds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Ratio:
    """How many times as long one thing takes as another.

    Attributes:
        value: geometric mean of the paired ratios.
        low: lower end of the 95 % interval; None with a single pair, which says nothing of its error.
        high: upper end, likewise.
    """

    value: float
    low: float | None
    high: float | None

    @property
    def distinguishable(self) -> bool:
        """Whether the interval excludes 1."""
        return self.low is not None and self.high is not None and not self.low <= 1 <= self.high

    def as_dict(self) -> dict[str, Any]:
        """``value``, and ``low`` and ``high`` where there is an interval."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def paired_ratio(a: list[float], b: list[float], blocks: list[int] | None = None) -> Ratio:
    """The ratio a / b of rounds that were run in turn.

    Each round of ``a`` is divided by the round of ``b`` beside it, so that a drift of the machine cancels;
    the interval is Student's t on the logarithms of these ratios. Rounds within a block share their processes and
    with them what is peculiar to these, so where there are several blocks it is over their means and not over rounds.

    With the handful of blocks that an epoch benchmark can afford, this keeps its 95 % where a bootstrap of medians does
    not, for resampling never leaves the range of what was seen; tests/bench/stats/test_ratio.py has both.

    Args:
        a: seconds, positive.
        b: seconds of the rounds beside them, as many.
        blocks: which block each round was in; None where every round is one.
    """
    from scipy import stats  # half a second to import, which listing the benchmarks should not cost

    logs = np.log(np.asarray(a, float) / np.asarray(b, float))
    if blocks is not None and len(set(blocks)) > 1:
        logs = np.array([logs[np.asarray(blocks) == block].mean() for block in sorted(set(blocks))])
    if len(logs) < 2:
        return Ratio(float(np.exp(logs.mean())), None, None)
    half = stats.t.ppf(0.975, len(logs) - 1) * logs.std(ddof=1) / np.sqrt(len(logs))
    low, value, high = np.exp(logs.mean() + np.array([-half, 0.0, half]))
    return Ratio(float(value), float(low), float(high))
