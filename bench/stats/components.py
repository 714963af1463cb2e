"""Where scatter comes from: rounds within a block, and blocks beyond what their rounds explain.

One-way components of variance on logarithms, by the method of moments (S. R. Searle, G. Casella and C. E. McCulloch,
"Variance Components", 1992, chapter 3). None of these estimates grows with the number of rounds, as a range does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Components:
    """The scatter of one row's seconds, in logarithms: 0.03 is 3 %.

    Attributes:
        means: (blocks,) mean of each block.
        scatter: (blocks,) standard deviation of the rounds of each; 0 where it has a single one.
        freedom: (blocks,) rounds less one.
        trends: how far rounds moved from first to last, by a straight line, in each block that has two or more.
    """

    means: np.ndarray
    scatter: np.ndarray
    freedom: np.ndarray
    trends: np.ndarray

    @property
    def within(self) -> float | None:
        """Standard deviation of rounds within a block, pooled; None where no block has two."""
        return self._pooled(np.ones(len(self.means), bool))

    def within_others(self, block: int) -> float | None:
        """The same of all blocks but one, by its place."""
        return self._pooled(np.arange(len(self.means)) != block)

    def _pooled(self, chosen: np.ndarray) -> float | None:
        freedom = self.freedom[chosen]
        return math.sqrt(float(freedom @ self.scatter[chosen] ** 2) / freedom.sum()) if freedom.sum() else None

    @property
    def between(self) -> float | None:
        """Standard deviation of blocks beyond what their rounds explain, 0 at least; None with one block."""
        if len(self.means) < 2:
            return None
        rounds = float(np.mean((self.within or 0.0) ** 2 / (self.freedom + 1)))
        return math.sqrt(max(0.0, float(self.means.var(ddof=1)) - rounds))

    @property
    def half_width(self) -> float:
        """Half the width of the 95 % interval of the mean, Student's t over blocks; infinite with one block."""
        from scipy import stats  # half a second to import, which listing the benchmarks should not cost

        blocks = len(self.means)
        if blocks < 2:
            return math.inf
        return float(stats.t.ppf(0.975, blocks - 1) * self.means.std(ddof=1) / math.sqrt(blocks))

    def out_of_line(self, block: int) -> float:
        """How far a block is, by its place, from the median of the others; 0 where there are none."""
        others = np.delete(self.means, block)
        return float(self.means[block] - np.median(others)) if len(others) else 0.0


def components(seconds: Sequence[float], blocks: Sequence[int]) -> Components:
    """The scatter of rounds, split by the block that each was in.

    Args:
        seconds: of every round, positive.
        blocks: the block of each.
    """
    logs, of_rounds = np.log(np.asarray(seconds, float)), np.asarray(blocks)
    each = [logs[of_rounds == number] for number in dict.fromkeys(of_rounds.tolist())]
    return Components(
        means=np.array([x.mean() for x in each]),
        scatter=np.array([x.std(ddof=1) if len(x) > 1 else 0.0 for x in each]),
        freedom=np.array([len(x) - 1 for x in each]),
        trends=np.array([_trend(x) for x in each if len(x) > 1]),
    )


def _trend(logs: np.ndarray) -> float:
    """How far they move from first to last on the straight line through them."""
    times = np.arange(len(logs)) - (len(logs) - 1) / 2
    return float(times @ logs / (times @ times) * (len(logs) - 1))
