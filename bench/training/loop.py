"""Train one backend by a recipe, from one seed, testing after every epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from bench.base.commit import commit
from bench.base.environment import recorded
from bench.base.settings import Settings
from bench.base.suite import suite_version
from bench.training.run import SCHEMA, Experiment, TrainingRun, data_set_of
from bench.training.starts import start_params
from bench.worker.process import worker_environment
from bench.worker.variant import Cores, Subject
from impls.contract import AdamState
from impls.registry import Choice
from impls.spec import Params, Recipe
from impls.spec.version import SPEC_VERSION

OnEpoch = Callable[[int, float, float, float], None]
"""Called after every epoch with its number from 1, mean loss, accuracy (a fraction) and seconds of training."""


@dataclass(frozen=True)
class Checkpoint:
    """Where a run stands after an epoch, and all that is needed to go on from there.

    Attributes:
        run: with the figures of the epochs so far.
        params: canonical, as they are now.
        optimizer: Adam's state; None where the backend does not give it out, and the run cannot be gone on with.
    """

    run: TrainingRun
    params: Params
    optimizer: AdamState | None


OnCheckpoint = Callable[[Checkpoint], None]


def experiment(subject: Subject, *, twin: bool = False) -> Experiment:
    """The experiment that training a subject by its recipe is."""
    settings, info = subject.settings, subject.info
    return Experiment(
        schema=SCHEMA,
        backend=subject.choice.backend,
        variant=info["variant"],
        twin=twin,
        device=settings.device,
        device_name=settings.device_name,
        precision=settings.precision,
        recipe=subject.recipe.name,
        batch_size=subject.recipe.batch_size,
        seed=settings.seed,
        data_set=data_set_of(info["data_fingerprint"]),
        channels=info["channels"],
        data_fingerprint=info["data_fingerprint"],
        versions=info["versions"],
        code=info["code"],
    )


def train(
    choice: Choice,
    settings: Settings,
    recipe: Recipe,
    *,
    seed: int,
    twin: bool = False,
    on_epoch: OnEpoch | None = None,
    cores: Cores | None = None,
    concurrent: int = 1,
    checkpoint: Checkpoint | None = None,
    on_checkpoint: OnCheckpoint | None = None,
    closely: bool = False,
) -> TrainingRun:
    """Train one variant by a recipe in a fresh worker, testing after every epoch.

    Args:
        choice: the variant.
        settings: of the run; their own seed is not used.
        recipe: what to train by.
        seed: of initial parameters and order.
        twin: start from `bench.training.starts.twin_params` instead of the canonical initial parameters.
        on_epoch: told of every epoch.
        cores: that the worker is bound to; None for the first ``settings.threads``.
        concurrent: how many runs are under way at the same time, for the record.
        checkpoint: to go on from, of this very experiment and with an optimizer's state.
        on_checkpoint: given where the run stands after every epoch, outside all that is timed.
        closely: record the loss on the test split and the parameters that moved, after every epoch, too. That takes
            about as long as an evaluation, and is outside all that is timed.

    Raises:
        WorkerError: the worker could not be started, or was lost.
    """
    before = start_params(seed, recipe.initial, twin=twin)
    figures = _Figures.of(checkpoint)
    with Subject(choice, replace(settings, seed=seed), recipe, cores) as subject:
        if checkpoint:
            so_far = checkpoint.run
            subject.resume(checkpoint.params, checkpoint.optimizer, so_far.losses, so_far.first_epoch_losses)
        elif twin:  # a subject has the canonical parameters from the start
            subject.worker.call("load_params", before)

        kept = checkpoint.params if checkpoint else before

        def run(params: Params) -> TrainingRun:
            complete = subject.epochs == recipe.epochs
            return run_of(
                experiment(subject, twin=twin),
                threads=subject.cores.count,
                concurrent=concurrent,
                losses=list(subject.losses),
                first_epoch_losses=subject.first_epoch_losses,
                confusion=subject.worker.call("confusion") if complete else [],
                weight_change=weight_change(before, params),
                **asdict(figures),
            )

        while subject.epochs < recipe.epochs:
            figures.epoch_seconds.append(float(subject.epoch()))
            seconds, accuracy = subject.evaluate()
            figures.eval_seconds.append(float(seconds))
            figures.accuracy_per_epoch.append(float(accuracy))
            if closely:
                kept = figures.look_closely(subject, kept)
            if on_checkpoint:  # first, so that no epoch is told of that is not kept
                params, optimizer = subject.worker.call("export_params"), subject.worker.call("export_optimizer")
                on_checkpoint(Checkpoint(run(params), params, optimizer))
            if on_epoch:
                on_epoch(subject.epochs, subject.losses[-1], figures.accuracy_per_epoch[-1], figures.epoch_seconds[-1])
        return run(subject.worker.call("export_params"))


@dataclass
class _Figures:
    """What a run gathers epoch by epoch, named as in `TrainingRun`."""

    resumed_after: list[int]
    accuracy_per_epoch: list[float]
    epoch_seconds: list[float]
    eval_seconds: list[float]
    test_losses: list[float]
    moved: list[int]

    @classmethod
    def of(cls, checkpoint: Checkpoint | None) -> _Figures:
        """Those so far."""
        if checkpoint is None:
            return cls([], [], [], [], [], [])
        run = checkpoint.run
        return cls(
            [*run.resumed_after, len(run.losses)],
            list(run.accuracy_per_epoch),
            list(run.epoch_seconds),
            list(run.eval_seconds),
            list(run.test_losses),
            list(run.moved),
        )

    def look_closely(self, subject: Subject, before: Params) -> Params:
        """Add the epoch's test loss and how many elements it changed; the parameters after it.

        A run that was begun without these figures stays without them: they are of every epoch or of none.
        """
        params = subject.params()
        if len(self.moved) == subject.epochs - 1:
            self.moved.append(sum(int((params[name] != value).sum()) for name, value in before.items()))
            self.test_losses.append(float(subject.worker.call("test_loss")))
        return params


def weight_change(before: Params, after: Params) -> dict[str, float]:
    """By how much training moved each parameter, relative to its initial values, `TrainingRun.weight_change`."""
    norms = {name: float(np.linalg.norm(value.astype(np.float64))) for name, value in before.items()}
    moved = {name: float(np.linalg.norm(after[name].astype(np.float64) - before[name])) for name in before}
    return {name: moved[name] / norm for name, norm in norms.items() if norm}


def run_of(
    experiment: Experiment, *, epoch_seconds: list[float], eval_seconds: list[float], **figures: Any
) -> TrainingRun:
    """The run of an experiment that has just ended, given its figures, `TrainingRun`."""
    return TrainingRun(
        **asdict(experiment),
        spec=SPEC_VERSION,
        suite=suite_version(),
        environment=recorded(worker_environment(figures["threads"])),
        commit=commit(),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        epoch_seconds=epoch_seconds,
        eval_seconds=eval_seconds,
        total_seconds=sum(epoch_seconds) + sum(eval_seconds),
        **figures,
    )
