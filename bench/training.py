"""Train one backend by a recipe, from one seed, testing after every epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bench.measure.code import commit
from bench.measure.machine import device_name
from bench.measure.subject import Cores, Subject
from bench.settings import Settings
from bench.starts import twin_params
from impls.recipe import Recipe
from impls.registry import Choice

SCHEMA = 2
"""Version of the names and meanings of `TrainingRun`; `bench.stored_runs` says which can be read."""

OnEpoch = Callable[[int, float, float, float], None]
"""Called after every epoch with its number from 1, mean loss, accuracy (a fraction) and seconds of training."""


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """What a run is a run of: where all of this is equal, training again would only repeat it.

    How many threads a run had, and how many others were trained beside it, is not part of it. Both change in which
    order sums are taken, and so the last bits of a run; what becomes of such a difference the twin shows, and it is no
    other answer to the question how accurate the variant is.

    Fields are named and meant as in `bench.record.common`; beside these:

    Attributes:
        twin: whether it started from `bench.starts.twin_params` and not from the canonical initial parameters.
        code: digest of the backend's code, `bench.measure.code`.
    """

    schema: int
    backend: str
    variant: str
    twin: bool
    device: str
    device_name: str
    precision: str
    recipe: str
    batch_size: int
    seed: int
    data_fingerprint: str
    versions: dict[str, str]
    code: str

    @property
    def label(self) -> str:
        """``backend:variant``."""
        return f"{self.backend}:{self.variant}"

    @property
    def title(self) -> str:
        """The label, and whether it is the twin."""
        return f"{self.label} twin" if self.twin else self.label


@dataclass(frozen=True, kw_only=True)
class TrainingRun(Experiment):
    """An experiment and what came of it, in plain JSON's types.

    Attributes:
        threads: cores that the run had.
        concurrent: how many runs were under way at the same time, this one included: on a CPU side by side, each on
            cores of its own, on an accelerator in lockstep. Seconds of runs that differ in this are not comparable.
        commit: abbreviated id, with "+changes" where the code was not clean; "unknown" outside a repository.
        date: when it ended, ISO 8601, UTC.
        losses: mean loss of every epoch.
        first_epoch_losses: the loss of each step of the first epoch, before that step.
        accuracy_per_epoch: on the test split after every epoch, fractions.
        epoch_seconds: of training, of every epoch; the first includes compilation. In lockstep, of all runs together.
        eval_seconds: of classifying the test split, after every epoch.
        total_seconds: of all of these.
    """

    threads: int
    concurrent: int
    commit: str
    date: str
    losses: list[float]
    first_epoch_losses: list[float]
    accuracy_per_epoch: list[float]
    epoch_seconds: list[float]
    eval_seconds: list[float]
    total_seconds: float

    @property
    def final_accuracy(self) -> float:
        """Accuracy on the test split after the last epoch, a fraction."""
        return self.accuracy_per_epoch[-1]

    def as_dict(self) -> dict[str, Any]:
        """Its fields by name, to be written as JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> TrainingRun:
        """The run that `as_dict` described; raises TypeError where a field is missing or unknown."""
        return cls(**values)


def experiment(subject: Subject, *, twin: bool = False) -> Experiment:
    """The experiment that training a subject by its recipe is."""
    settings, info = subject.settings, subject.info
    return Experiment(
        schema=SCHEMA,
        backend=subject.choice.backend,
        variant=info["variant"],
        twin=twin,
        device=settings.device,
        device_name=device_name(settings.device, settings.threads),
        precision=settings.precision,
        recipe=subject.recipe.name,
        batch_size=subject.recipe.batch_size,
        seed=settings.seed,
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
) -> TrainingRun:
    """Train one variant by a recipe in a fresh worker, testing after every epoch.

    Args:
        choice: the variant.
        settings: of the run; their own seed is not used.
        recipe: what to train by.
        seed: of initial parameters and order.
        twin: start from `bench.starts.twin_params` instead of the canonical initial parameters.
        on_epoch: told of every epoch.
        cores: that the worker is bound to; None for the first ``settings.threads``.
        concurrent: how many runs are under way at the same time, for the record.

    Raises:
        WorkerError: the worker could not be started, or was lost.
    """
    accuracies: list[float] = []
    epoch_seconds: list[float] = []
    eval_seconds: list[float] = []
    with Subject(choice, replace(settings, seed=seed), recipe, cores) as subject:
        if twin:  # a subject has the canonical parameters from the start
            subject.worker.call("load_params", twin_params(seed))
        for epoch in range(1, recipe.epochs + 1):
            epoch_seconds.append(float(subject.epoch()))
            seconds, accuracy = subject.evaluate()
            eval_seconds.append(float(seconds))
            accuracies.append(float(accuracy))
            if on_epoch:
                on_epoch(epoch, subject.losses[-1], accuracies[-1], epoch_seconds[-1])
        return run_of(
            experiment(subject, twin=twin),
            threads=subject.cores.count,
            concurrent=concurrent,
            losses=subject.losses,
            first_epoch_losses=subject.first_epoch_losses,
            accuracy_per_epoch=accuracies,
            epoch_seconds=epoch_seconds,
            eval_seconds=eval_seconds,
        )


def run_of(
    experiment: Experiment, *, epoch_seconds: list[float], eval_seconds: list[float], **figures: Any
) -> TrainingRun:
    """The run of an experiment that has just ended, given its figures, `TrainingRun`."""
    return TrainingRun(
        **asdict(experiment),
        commit=commit(),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        epoch_seconds=epoch_seconds,
        eval_seconds=eval_seconds,
        total_seconds=sum(epoch_seconds) + sum(eval_seconds),
        **figures,
    )
