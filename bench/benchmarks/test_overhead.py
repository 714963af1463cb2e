"""What does the harness add? Its PyTorch steps in turn with those of a bare loop that does the same.

Both in one process, because two processes differ by some percent, whatever they run. In slices of 25 steps, because a
machine's speed wanders from epoch to epoch by far more than the harness could cost, and two slices a moment apart share
it. A slice is a call of its own, so what the harness costs a call is charged twenty times as often as in an epoch of
500 steps: what this finds is an upper bound. (How whole epochs compare with the bare loop in a process of its own is in
the rows of the epochs, as their control.)
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

STEPS = 25
SLICES = 150


@pytest.mark.benchmark(group="overhead of the harness, 25 steps", timer=clock)
def test_overhead(benchmark: BenchmarkFixture, agreements: Agreements, settings: Settings) -> None:
    """The ratio of the harness's seconds to the bare ones."""
    agreement = agreements.of(settings.choice(BASELINE))
    steps = min(STEPS, settings.train_size // settings.recipe.batch_size)
    ours: list[float] = []
    theirs: list[float] = []
    with Subject(agreement.choice, settings, settings.recipe) as subject:
        subject.epoch()
        subject.bare_slice(settings.train_size // settings.recipe.batch_size)
        for pair in range(SLICES):
            if pair % 2:  # neither always follows the other
                theirs.append(subject.bare_slice(steps))
            ours.append(subject.slice(steps))
            if pair % 2 == 0:
                theirs.append(subject.bare_slice(steps))
    hand_over(benchmark, ours)
    ratio = paired_ratio(ours, theirs)
    benchmark.extra_info.update(
        row.common("overhead", settings, agreement),
        steps=steps,
        slice_seconds=ours,
        baseline="bare loop",
        baseline_seconds=theirs,
        ratio=ratio.value,
        ratio_low=ratio.low,
        ratio_high=ratio.high,
    )
