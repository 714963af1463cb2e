"""The whole recipe: accuracy after every epoch, and the time of it all.

The accuracy of a recipe is a property of the computation and not of how it is run, so each backend trains once,
with the variant that was fastest in this run.
"""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench import record
from bench.agreement import Agreements
from bench.measure.clock import clock
from bench.measure.rounds import Rounds
from bench.measure.subject import Subject
from bench.settings import Settings
from impls.registry import Choice


@pytest.mark.benchmark(group="training by the whole recipe", timer=clock)
def test_training(
    benchmark: BenchmarkFixture, fastest_choice: Choice, agreements: Agreements, settings: Settings
) -> None:
    """Train by the recipe from the canonical initial parameters, testing after every epoch."""
    agreement = agreements.of(fastest_choice)
    epochs: list[float] = []
    evaluations: list[float] = []
    accuracies: list[float] = []

    with Subject(fastest_choice, settings, settings.recipe) as subject:

        def train() -> float:
            for _ in range(subject.recipe.epochs):
                epochs.append(subject.epoch())
                seconds, accuracy = subject.evaluate()
                evaluations.append(seconds)
                accuracies.append(accuracy)
            return sum(epochs) + sum(evaluations)

        Rounds(train).run(benchmark, rounds=1)

    benchmark.extra_info.update(
        record.common("training", settings, subject, agreement.report),
        losses=subject.losses,
        accuracy_per_epoch=accuracies,
        final_accuracy=accuracies[-1],
        first_epoch_seconds=subject.first_epoch_seconds,
        epoch_seconds=epochs,
        eval_seconds=evaluations,
        total_seconds=sum(epochs) + sum(evaluations),
    )
