"""What does the harness add? Its PyTorch epochs in turn with those of a bare script that does the same."""

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


@pytest.mark.benchmark(group="overhead of the harness", timer=clock)
def test_overhead(
    benchmark: BenchmarkFixture, baseline_subject: Subject, agreements: Agreements, settings: Settings
) -> None:
    """The ratio of the harness's epochs to the bare ones."""
    agreement = agreements.of(baseline_subject.choice)
    train, _ = splits(settings.root, settings.synthetic)
    with BareLoop(train, threads=settings.threads, timeout=settings.timeout) as bare:
        baseline_subject.warm_up(1)
        bare.epoch(), bare.epoch()
        rounds = Rounds(baseline_subject.epoch, bare.epoch)
        rounds.run(benchmark, settings.rounds)
    benchmark.extra_info.update(
        record.common("overhead", settings, baseline_subject, agreement.verdict),
        epoch_seconds=rounds.seconds,
        **rounds.comparison("bare loop"),
    )
