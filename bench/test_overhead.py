"""What does the harness add? Its PyTorch steps in turn with those of a bare script that does the same.

In slices of 100 steps, because a machine's speed wanders from epoch to epoch by far more than the harness could cost,
and two slices a second apart share it. A slice is a call of its own, so what the harness costs a call is charged five
times as often as in an epoch of 500 steps: what this finds is an upper bound.
"""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench import record
from bench.agreement import Agreements
from bench.measure.bare_process import BareLoop
from bench.measure.clock import clock
from bench.measure.rounds import Rounds
from bench.measure.subject import Subject
from bench.settings import Settings
from bench.splits import splits

STEPS = 100
SLICES = 100


@pytest.mark.benchmark(group="overhead of the harness, 100 steps", timer=clock)
def test_overhead(
    benchmark: BenchmarkFixture, baseline_subject: Subject, agreements: Agreements, settings: Settings
) -> None:
    """The ratio of the harness's seconds to the bare ones."""
    agreement = agreements.of(baseline_subject.choice)
    train, _ = splits(settings.root, settings.synthetic)
    with BareLoop(train, threads=settings.threads, timeout=settings.timeout) as bare:
        baseline_subject.warm_up(1)
        bare.train(len(train) // 100)
        steps = min(STEPS, len(train) // 100)
        rounds = Rounds(lambda: baseline_subject.slice(steps), lambda: bare.train(steps))
        rounds.run(benchmark, SLICES)
    benchmark.extra_info.update(
        record.common("overhead", settings, baseline_subject, agreement.report),
        steps=steps,
        slice_seconds=rounds.seconds,
        **rounds.comparison("bare loop"),
    )
