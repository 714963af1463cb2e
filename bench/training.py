"""Train one backend by a recipe, from one seed, testing after every epoch."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench.measure.machine import device_name
from bench.measure.subject import Subject
from bench.parity.noise import nudged
from bench.settings import Settings
from impls.initial import initial_params
from impls.recipe import Recipe
from impls.registry import Choice
from impls.spec import Params

SCHEMA = 1
"""Version of the names and meanings of `TrainingRun`; a reader refuses a version that it does not know."""

OnEpoch = Callable[[int, float, float, float], None]
"""Called after every epoch with its number from 1, mean loss, accuracy (a fraction) and seconds of training."""


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """What a run is a run of: where all of this is equal, training again would only repeat it.

    Fields are named and meant as in `bench.record.common`; beside these:

    Attributes:
        twin: whether it started from `twin_params` and not from the canonical initial parameters.
        code: digest of the backend's code, `bench.measure.code`.
    """

    schema: int
    backend: str
    variant: str
    twin: bool
    device: str
    device_name: str
    precision: str
    threads: int
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
        commit: abbreviated id, with "+changes" where the code was not clean; "unknown" outside a repository.
        date: when it ended, ISO 8601, UTC.
        losses: mean loss of every epoch.
        first_epoch_losses: the loss of each step of the first epoch, before that step.
        accuracy_per_epoch: on the test split after every epoch, fractions.
        epoch_seconds: of training, of every epoch; the first includes compilation.
        eval_seconds: of classifying the test split, after every epoch.
        total_seconds: of all of these.
    """

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


def twin_params(seed: int) -> Params:
    """The canonical initial parameters, each moved by one unit in the last place, up or down at random.

    As small a difference as float32 has: what training makes of it is what it makes of any rounding.
    """
    # `initial_params` draws from default_rng(seed) itself; a spawned generator shares none of its numbers.
    return nudged(initial_params(seed), np.random.default_rng(seed).spawn(1)[0])


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
        threads=settings.threads,
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
) -> TrainingRun:
    """Train one variant by a recipe in a fresh worker, testing after every epoch.

    Args:
        choice: the variant.
        settings: of the run; their own seed is not used.
        recipe: what to train by.
        seed: of initial parameters and order.
        twin: start from `twin_params` instead of the canonical initial parameters.
        on_epoch: told of every epoch.

    Raises:
        WorkerError: the worker could not be started, or was lost.
    """
    accuracies: list[float] = []
    epoch_seconds: list[float] = []
    eval_seconds: list[float] = []
    with Subject(choice, replace(settings, seed=seed), recipe) as subject:
        if twin:  # a subject has the canonical parameters from the start
            subject.worker.call("load_params", twin_params(seed))
        for epoch in range(1, recipe.epochs + 1):
            epoch_seconds.append(float(subject.epoch()))
            seconds, accuracy = subject.evaluate()
            eval_seconds.append(float(seconds))
            accuracies.append(float(accuracy))
            if on_epoch:
                on_epoch(epoch, subject.losses[-1], accuracies[-1], epoch_seconds[-1])
        return TrainingRun(
            **asdict(experiment(subject, twin=twin)),
            commit=_commit(),
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            losses=subject.losses,
            first_epoch_losses=subject.first_epoch_losses,
            accuracy_per_epoch=accuracies,
            epoch_seconds=epoch_seconds,
            eval_seconds=eval_seconds,
            total_seconds=sum(epoch_seconds) + sum(eval_seconds),
        )


def _commit() -> str:
    """The commit of the code, as the tables name it: changed if the code is, whatever else may be."""
    root = Path(__file__).resolve().parent.parent

    def git(*args: str) -> str:
        return subprocess.run(["git", "-C", str(root), *args], capture_output=True, text=True, check=True).stdout

    try:
        top, commit = git("rev-parse", "--show-toplevel", "HEAD").split("\n")[:2]
        if Path(top).resolve() != root:  # installed somewhere inside a repository of another project
            return "unknown"
        return commit[:10] + ("+changes" if git("status", "--porcelain", "--", "impls", "bench").strip() else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
