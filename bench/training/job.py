"""A training run that is to be made, one of a series, and how to make them one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bench.base.settings import Settings
from bench.training.loop import OnEpoch, train
from bench.training.run import Experiment, TrainingRun
from bench.worker.process import WorkerError
from bench.worker.variant import Cores
from impls.registry import Choice
from impls.spec import Recipe


@dataclass(frozen=True)
class Progress:
    """Where a series of runs stands: told as a run begins, after each of its epochs, and of one that is in store.

    Attributes:
        title: the variant, e.g. "pytorch:eager twin".
        seed: of the run.
        run: its number, from 1.
        runs: how many there are in all.
        epoch: how many of its epochs are done.
        epochs: how many it has.
        loss: mean loss of the last epoch done; None before the first.
        accuracy: after it, a fraction; likewise.
        seconds: of training it; likewise.
        stored: whether the run was taken from storage.
        reason: why a run in store does not count and is measured anew; empty where there is none.
        lost: why the run came to nothing; empty as a rule.
    """

    title: str
    seed: int
    run: int
    runs: int
    epoch: int
    epochs: int
    loss: float | None = None
    accuracy: float | None = None
    seconds: float | None = None
    stored: bool = False
    reason: str = ""
    lost: str = ""


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True)
class Job:
    """A run to be made.

    Attributes:
        choice: the variant.
        wanted: the experiment.
        many: whether the variant trains several seeds at once.
        at: where it stands before it begins.
        reason: why a run in store does not count; empty where there is none.
    """

    choice: Choice
    wanted: Experiment
    many: bool
    at: Progress
    reason: str

    @property
    def begun(self) -> Progress:
        """What there is to tell as it begins."""
        return replace(self.at, reason=self.reason)


Outcome = tuple[Job, TrainingRun | WorkerError]
"""A job that is over: its run, or why there is none."""


def one_by_one(jobs: Sequence[Job], settings: Settings, recipe: Recipe, on_progress: OnProgress) -> Iterator[Outcome]:
    """Train one after the other, each with all the cores that there are."""
    for job in jobs:
        yield job, attempt(job, settings, recipe, on_progress)


def attempt(
    job: Job,
    settings: Settings,
    recipe: Recipe,
    on_progress: OnProgress,
    *,
    cores: Cores | None = None,
    concurrent: int = 1,
) -> TrainingRun | WorkerError:
    """Train a job's run in a worker of its own; or the reason why that came to nothing."""
    on_progress(job.begun)
    on_epoch, wanted = _telling(on_progress, job.at), job.wanted
    try:
        return train(
            job.choice,
            settings,
            recipe,
            seed=wanted.seed,
            twin=wanted.twin,
            on_epoch=on_epoch,
            cores=cores,
            concurrent=concurrent,
        )
    except WorkerError as error:
        on_progress(replace(job.at, lost=str(error)))
        return error


def _telling(on_progress: OnProgress, at: Progress) -> OnEpoch:
    return lambda epoch, loss, accuracy, seconds: on_progress(
        replace(at, epoch=epoch, loss=loss, accuracy=accuracy, seconds=seconds)
    )
