"""Figures in the words of headlines."""

from __future__ import annotations

from bench.stats.equivalence import points, range_text
from bench.stats.ratio import Ratio
from bench.stats.student import Interval


def times(ratio: Ratio) -> str:
    """A ratio with its 95 % interval, e.g. "0.635 (0.607 to 0.664)"."""
    if ratio.low is None or ratio.high is None:
        return f"{ratio.value:#.3g} (no interval)"
    return f"{ratio.value:#.3g} ({ratio.low:#.3g} to {ratio.high:#.3g})"


def faster(ratio: Ratio, one: str, other: str) -> str:
    """Which of two is faster, and by how much.

    Args:
        ratio: seconds of ``one`` over those of ``other``.
        one: what it is called.
        other: likewise.
    """
    if ratio.low is not None and not ratio.distinguishable:
        return f"{one} and {other} cannot be told apart: {times(ratio)} times as long"
    ahead = ratio.value < 1
    winner, loser = (one, other) if ahead else (other, one)
    return f"{winner} is {times(inverse(ratio) if ahead else ratio)} times as fast as {loser}"


def inverse(ratio: Ratio) -> Ratio:
    """The ratio the other way round."""
    low, high = (None if end is None else 1 / end for end in (ratio.high, ratio.low))
    return Ratio(1 / ratio.value, low, high)


def seconds(value: float) -> str:
    """A time, in milliseconds where it is short."""
    return f"{1000 * value:.3g} ms" if value < 0.1 else f"{value:.3g} s"


def difference(interval: Interval) -> str:
    """A mean difference of accuracies with its 95 % interval, in points."""
    return f"{points(interval.mean)} points ({range_text(interval)})"


def percent(accuracy: float) -> str:
    """An accuracy."""
    return f"{accuracy:.2%}"
