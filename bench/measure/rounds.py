"""Rounds of two things in turn: B A, A B, B A, ... so that neither always follows the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytest_benchmark.fixture import BenchmarkFixture

from bench.measure.clock import clock
from bench.measure.statistics import paired_ratio

Timed = Callable[[], float]
"""Does the thing once and returns its seconds."""


class Rounds:
    """Timed rounds of a subject, each beside one of a baseline.

    Args:
        subject: what is measured.
        baseline: what it is compared with; None where there is nothing to compare with.

    Attributes:
        seconds: of every round of the subject.
        baseline_seconds: of the baseline's round beside it.
    """

    def __init__(self, subject: Timed, baseline: Timed | None = None) -> None:
        self.subject, self.baseline = subject, baseline
        self.seconds: list[float] = []
        self.baseline_seconds: list[float] = []

    def run(self, benchmark: BenchmarkFixture, rounds: int) -> None:
        """Run them under pytest-benchmark, which sees the subject's seconds alone."""
        benchmark.pedantic(self._timed, setup=self._before, teardown=self._after, rounds=rounds)

    def _before(self) -> None:
        if self.baseline and len(self.seconds) % 2 == 0:
            self.baseline_seconds.append(self.baseline())

    def _timed(self) -> None:
        self.seconds.append(self.subject())
        clock.advance(self.seconds[-1])

    def _after(self) -> None:
        if self.baseline and len(self.baseline_seconds) < len(self.seconds):
            self.baseline_seconds.append(self.baseline())

    def comparison(self, baseline: str) -> dict[str, Any]:
        """The ratio to the baseline as a row of results records it; empty without one.

        Args:
            baseline: what the row calls it.
        """
        if not self.baseline:
            return {}
        ratio = paired_ratio(self.seconds, self.baseline_seconds)
        found: dict[str, Any] = {
            "baseline": baseline,
            "baseline_seconds": self.baseline_seconds,
            "ratio": ratio.value,
        }
        if ratio.low is not None:  # one pair has no interval
            found |= {"ratio_low": ratio.low, "ratio_high": ratio.high}
        return found
