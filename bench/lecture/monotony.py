"""Does a curve rise all the way, and if not, how smooth must it be made to?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def setbacks(curve: Sequence[float] | np.ndarray) -> list[float]:
    """By how much a curve falls, wherever it does from one value to the next; empty where it never falls."""
    steps = np.diff(np.asarray(curve, np.float64))
    return [float(-step) for step in steps if step < 0]


def smoothing_window(curves: Sequence[Sequence[float]]) -> int | None:
    """Of how many values in a row the running mean never falls in any of the curves: the least such number.

    None where only means of more than half of a curve would do, which say no more than that it rises on the whole.
    """
    for window in range(1, min(map(len, curves)) // 2 + 1):
        means = [np.convolve(curve, np.full(window, 1 / window), "valid") for curve in curves]
        if not any(setbacks(each) for each in means):
            return window
    return None
