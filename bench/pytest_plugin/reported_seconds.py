"""The clock between a worker and pytest-benchmark.

Epochs are timed inside the worker, around the backend's own call. pytest-benchmark runs in the parent and reads
this clock instead of its own: it stands still but for the seconds that a worker reports. So the statistics
and the JSON are pytest-benchmark's, of device-synchronised seconds without any of the harness in them.
(Pedantic mode only: the automatic mode would calibrate itself against a clock that does not run.)
"""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture


class ReportedSeconds:
    """A timer whose time passes only when it is told."""

    __name__ = "reported_by_worker"  # pytest-benchmark writes the timer's name into its JSON

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Seconds reported so far."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass."""
        self.now += seconds


clock = ReportedSeconds()


def hand_over(benchmark: BenchmarkFixture, seconds: list[float]) -> None:
    """Have pytest-benchmark time one round for each of these, by the clock that shows just them."""
    rest = iter(seconds)
    benchmark.pedantic(lambda: clock.advance(next(rest)), rounds=len(seconds))
