"""How long will the blocks that are still to come take? Told from those that were measured."""

from __future__ import annotations

import time
from collections.abc import Callable


class TimeLeft:
    """The time that is left of a schedule, as long as blocks take what the last one took.

    Args:
        blocks: how many there are in all.
        clock: seconds.
    """

    def __init__(self, blocks: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._blocks, self._clock = blocks, clock
        self._number = 0
        self._began: float | None = None
        self._last: float | None = None

    def begin(self, number: int) -> None:
        """A block begins, and the one before it is over; blocks are counted from 0."""
        now = self._clock()
        if self._began is not None:
            self._last = now - self._began
        self._number, self._began = number, now

    @property
    def seconds(self) -> float | None:
        """That are left; None while the first block is measured, from which nothing is known yet."""
        if self._began is None or self._last is None:
            return None
        return max(0.0, (self._blocks - self._number) * self._last - (self._clock() - self._began))

    def __str__(self) -> str:
        """The end of a sentence, e.g. " (about 4 min left)"; empty where it is not known."""
        seconds = self.seconds
        if seconds is None:
            return ""
        return f" (about {seconds / 60:.0f} min left)" if seconds >= 90 else f" (about {seconds:.0f} s left)"
