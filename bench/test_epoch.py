"""How fast? The first epoch of a fresh process, steady epochs beside the baseline's, and evaluation."""

from __future__ import annotations

from statistics import median

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench import record
from bench.agreement import Agreement
from bench.measure.clock import clock
from bench.measure.rounds import Rounds
from bench.measure.subject import Subject
from bench.settings import Settings


@pytest.mark.benchmark(group="first epoch of a fresh process", timer=clock)
def test_first_epoch(benchmark: BenchmarkFixture, subject: Subject, agreement: Agreement, settings: Settings) -> None:
    """Compilation and all; once a process, so one round."""
    Rounds(subject.epoch).run(benchmark, rounds=1)
    benchmark.extra_info.update(
        record.common("first epoch", settings, subject, agreement.report),
        first_epoch_seconds=subject.first_epoch_seconds,
    )


@pytest.mark.benchmark(group="training epoch", timer=clock)
def test_epoch(
    benchmark: BenchmarkFixture,
    subject: Subject,
    baseline: Subject | None,
    agreement: Agreement,
    settings: Settings,
) -> None:
    """Steady epochs, in turn with the baseline's."""
    slow = subject.choice.slow_reason(settings.device) is not None
    subject.warm_up(0 if slow else 1)
    rounds = Rounds(subject.epoch, baseline.epoch if baseline else None)
    rounds.run(benchmark, rounds=1 if slow else settings.rounds)
    benchmark.extra_info.update(
        record.common("epoch", settings, subject, agreement.report),
        start_seconds=subject.info["start_seconds"],
        to_device_seconds=subject.info["to_device_seconds"],
        first_epoch_seconds=subject.first_epoch_seconds,
        warmup_epoch_seconds=subject.warmup_seconds,
        epoch_seconds=rounds.seconds,
        images_per_second=settings.train_size / median(rounds.seconds),
        **rounds.comparison(baseline.choice.label if baseline else ""),
    )


@pytest.mark.benchmark(group="evaluation of the test split", timer=clock)
def test_evaluation(benchmark: BenchmarkFixture, subject: Subject, agreement: Agreement, settings: Settings) -> None:
    """Classify the test split; the first time, with its compilation, does not count."""
    subject.evaluate()
    rounds = Rounds(lambda: subject.evaluate()[0])
    rounds.run(benchmark, rounds=settings.rounds)
    benchmark.extra_info.update(
        record.common("evaluation", settings, subject, agreement.report), eval_seconds=rounds.seconds
    )
