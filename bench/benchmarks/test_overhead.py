"""What does the harness add? Its PyTorch steps in turn with those of a bare loop that does the same.

Both run in one process, because two processes differ by some percent, whatever they run. Each takes slices of 25 steps,
because a machine's speed wanders from epoch to epoch by far more than the harness could cost, and two slices a moment
apart share it. A slice is a call of its own, so what the harness costs a call is charged twenty times as often as in an
epoch of 500 steps: what this finds is an upper bound. (How whole epochs compare with the bare loop in a process of its
own is in the rows of the epochs, as their control.)

Slices of one process are no replicates: all of them share where their loop's memory lies, which makes some percent. So
there are several processes, and the interval is over their means.
"""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench.base.settings import BASELINE, Settings
from bench.pytest_plugin.reported_seconds import clock, hand_over
from bench.results import row
from bench.stats.ratio import paired_ratio
from bench.worker.agreement import Agreements
from bench.worker.variant import Subject
from impls.registry import Choice

STEPS = 25
PROCESSES = 4
SLICES = 30
"""Of either loop in a process."""
WARM_UP = 4
"""Slices of either loop before them, which do not count."""


@pytest.mark.benchmark(group="overhead of the harness, 25 steps", timer=clock)
def test_overhead(benchmark: BenchmarkFixture, agreements: Agreements, settings: Settings) -> None:
    """The ratio of the harness's seconds to the bare ones."""
    agreement = agreements.of(settings.choice(BASELINE))
    steps = min(STEPS, settings.train_size // settings.recipe.batch_size)
    ours: list[float] = []
    theirs: list[float] = []
    processes: list[int] = []
    for process in range(PROCESSES):
        harness, bare = slices(agreement.choice, settings, steps)
        ours += harness
        theirs += bare
        processes += [process] * len(harness)
    hand_over(benchmark, ours)
    ratio = paired_ratio(ours, theirs, processes)
    ends = {"ratio_low": ratio.low, "ratio_high": ratio.high}
    benchmark.extra_info.update(
        row.common("overhead", settings, agreement),
        steps=steps,
        slice_seconds=ours,
        baseline="bare loop",
        baseline_seconds=theirs,
        blocks=processes,
        ratio=ratio.value,
        **{name: end for name, end in ends.items() if end is not None},
    )


def slices(choice: Choice, settings: Settings, steps: int) -> tuple[list[float], list[float]]:
    """Seconds of `SLICES` slices of the harness, and of as many of the bare loop, in turn in a fresh process.

    Args:
        choice: the variant that the bare loop is the equal of.
        settings: of the run.
        steps: of a slice.
    """
    ours: list[float] = []
    theirs: list[float] = []
    with Subject(choice, settings, settings.recipe) as subject:
        for pair in range(-WARM_UP, SLICES):
            if pair % 2:  # neither always follows the other
                theirs.append(subject.bare_slice(steps))
            ours.append(subject.slice(steps))
            if pair % 2 == 0:
                theirs.append(subject.bare_slice(steps))
    return ours[WARM_UP:], theirs[WARM_UP:]
