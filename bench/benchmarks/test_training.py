"""The whole recipe: accuracy after every epoch, and the time of it all.

The accuracy of a recipe is a property of the computation and not of how it is run, so each backend trains once,
with the variant that was fastest in this run.
"""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench.base.settings import Settings
from bench.pytest_plugin.reported_seconds import clock, hand_over
from bench.results import row
from bench.training.loop import train
from bench.worker.agreement import Agreements
from impls.registry import Choice


@pytest.mark.benchmark(group="training by the whole recipe", timer=clock)
def test_training(
    benchmark: BenchmarkFixture, fastest_choice: Choice, agreements: Agreements, settings: Settings
) -> None:
    """Train by the recipe from the canonical initial parameters, testing after every epoch."""
    agreement = agreements.of(fastest_choice)
    run = train(fastest_choice, settings, settings.recipe, seed=settings.seed)
    hand_over(benchmark, [run.total_seconds])
    benchmark.extra_info.update(
        row.common("training", settings, agreement),
        losses=run.losses,
        accuracy_per_epoch=run.accuracy_per_epoch,
        final_accuracy=run.final_accuracy,
        first_epoch_seconds=run.epoch_seconds[0],
        epoch_seconds=run.epoch_seconds,
        eval_seconds=run.eval_seconds,
        total_seconds=run.total_seconds,
    )
