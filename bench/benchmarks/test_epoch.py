"""How fast? What the schedule says of a variant: fresh processes, steady epochs, and evaluation."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench.base.settings import Settings
from bench.pytest_plugin.reported_seconds import clock, hand_over
from bench.results import row
from bench.timing.schedule import Schedule
from bench.worker.agreement import Agreement, Agreements
from impls.registry import Choice


@pytest.mark.benchmark(group="first epoch of a fresh process", timer=clock)
def test_first_epoch(
    benchmark: BenchmarkFixture, choice: Choice, agreement: Agreement, schedule: Schedule, settings: Settings
) -> None:
    """Start-up, compilation and all; once a process."""
    figures = schedule.first_epochs(choice.label)
    if "first_epoch_seconds" not in figures:
        schedule.ensure_sound(choice.label)
    hand_over(benchmark, figures["first_epoch_seconds"])
    benchmark.extra_info.update(row.common("first epoch", settings, agreement), **figures)


@pytest.mark.benchmark(group="training epoch", timer=clock)
def test_epoch(
    benchmark: BenchmarkFixture,
    choice: Choice,
    agreement: Agreement,
    agreements: Agreements,
    schedule: Schedule,
    settings: Settings,
) -> None:
    """Steady epochs, in turn with those of all the others."""
    schedule.ensure_sound(choice.label)
    figures = row.epoch(schedule, choice.label, settings, agreements.full_labels)
    hand_over(benchmark, figures["epoch_seconds"])
    benchmark.extra_info.update(row.common("epoch", settings, agreement), **figures)


@pytest.mark.benchmark(group="evaluation of the test split", timer=clock)
def test_evaluation(
    benchmark: BenchmarkFixture, choice: Choice, agreement: Agreement, schedule: Schedule, settings: Settings
) -> None:
    """Classify the test split; the first time in a process, with its compilation, does not count."""
    schedule.ensure_sound(choice.label)
    figures = row.evaluation(schedule, choice.label)
    hand_over(benchmark, figures["eval_seconds"])
    benchmark.extra_info.update(row.common("evaluation", settings, agreement), **figures)
