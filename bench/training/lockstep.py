"""Training runs of one variant in lockstep in one worker, on an accelerator that one of them would not fill."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from bench.base.settings import Settings
from bench.training.job import Job, OnProgress, Outcome
from bench.training.loop import experiment, run_of, weight_change
from bench.training.run import TrainingRun
from bench.training.starts import start_params
from bench.worker.process import WorkerError
from bench.worker.variant import Subject
from impls.spec import Recipe, epoch_order


def in_lockstep(jobs: Sequence[Job], settings: Settings, recipe: Recipe, on_progress: OnProgress) -> Iterator[Outcome]:
    """Train jobs of one variant together; all end together, and if the worker is lost, all are.

    Args:
        jobs: to be done; their variant offers `impls.contract.ManySeeds`.
        settings: of the runs.
        recipe: what to train by.
        on_progress: told of every step of each.
    """
    for job in jobs:
        on_progress(job.begun)
    try:
        runs = _train(jobs, settings, recipe, on_progress)
    except WorkerError as error:
        for job in jobs:
            on_progress(replace(job.at, lost=str(error)))
            yield job, error
        return
    yield from zip(jobs, runs, strict=True)


def _train(jobs: Sequence[Job], settings: Settings, recipe: Recipe, on_progress: OnProgress) -> list[TrainingRun]:
    wanted = [job.wanted for job in jobs]
    losses: list[np.ndarray] = []  # of every epoch, (runs, steps)
    accuracies: list[list[float]] = []
    epoch_seconds: list[float] = []
    eval_seconds: list[float] = []
    before = [start_params(each.seed, recipe.initial, twin=each.twin) for each in wanted]
    with Subject(jobs[0].choice, settings, recipe) as subject:
        subject.worker.call("load_many", before)
        for epoch in range(recipe.epochs):
            orders = [epoch_order(each.seed, epoch, settings.train_size, recipe.batch_size) for each in wanted]
            seconds, of_all = subject.worker.call("train_many", np.stack(orders), recipe.lr(epoch))
            losses.append(of_all)
            epoch_seconds.append(seconds)
            seconds, fractions = subject.worker.call("evaluate_many", len(jobs))
            eval_seconds.append(seconds)
            accuracies.append(fractions)
            for job, loss, accuracy in zip(jobs, _means(of_all), fractions, strict=True):
                at = replace(job.at, epoch=epoch + 1, loss=loss, accuracy=accuracy, seconds=epoch_seconds[-1])
                on_progress(at)
        trained, after = experiment(subject), subject.worker.call("export_many")
    means = [_means(of_all) for of_all in losses]
    return [
        run_of(
            replace(trained, seed=each.seed, twin=each.twin),
            threads=settings.threads,
            concurrent=len(jobs),
            resumed_after=[],
            losses=[of_all[k] for of_all in means],
            first_epoch_losses=losses[0][k].tolist(),
            accuracy_per_epoch=[of_all[k] for of_all in accuracies],
            epoch_seconds=epoch_seconds,
            eval_seconds=eval_seconds,
            test_losses=[],  # replicas give out classes alone
            moved=[],
            confusion=[],
            weight_change=weight_change(before[k], after[k]),
        )
        for k, each in enumerate(wanted)
    ]


def _means(losses: np.ndarray) -> list[float]:
    """Of every run's steps."""
    return [float(mean) for mean in losses.mean(axis=1, dtype=np.float64)]
