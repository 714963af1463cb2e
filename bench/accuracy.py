"""Accuracy over paired seeds: every variant against the baseline, and the baseline against its own twin.

Accuracy depends on the seed by more than frameworks are said to differ, so variants are compared seed by seed: a
pair shares its initial parameters and its order. Rounding alone makes the runs of a pair part in the end; how far, the
twin shows, which is the baseline started one unit in the last place beside itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bench import stored_runs
from bench.measure.subject import Subject
from bench.parity.equivalence import Equivalence, Interval, equivalence, mean_interval
from bench.settings import BASELINE, Settings
from bench.training import Experiment, OnEpoch, TrainingRun, experiment, train
from impls import registry
from impls.errors import LenetError
from impls.recipe import Recipe
from impls.registry import Choice


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


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True)
class Series:
    """The runs of one variant, or of a twin, by seed."""

    title: str
    runs: dict[int, TrainingRun]

    @cached_property
    def mean(self) -> Interval:
        """Mean accuracy after the last epoch with its 95 % interval, fractions; a run at least is needed."""
        return mean_interval([run.final_accuracy for run in self.runs.values()])


@dataclass(frozen=True)
class Comparison:
    """A series less the baseline.

    Attributes:
        title: of the series.
        differences: of the final accuracies, fractions, by seed; of those seeds that both have.
    """

    title: str
    differences: dict[int, float]

    @cached_property
    def equivalence(self) -> Equivalence | None:
        """What the differences say; None where there is no pair."""
        return equivalence(list(self.differences.values())) if self.differences else None

    def root_mean_square(self, seeds: Iterable[int]) -> float:
        """Of the differences of some seeds."""
        squares = [self.differences[seed] ** 2 for seed in seeds]
        return math.sqrt(sum(squares) / len(squares))


@dataclass(frozen=True)
class PairedAccuracy:
    """Series of runs under one recipe, on one device and data set.

    Attributes:
        baseline: of `BASELINE`.
        twin: of its twin.
        others: of all other variants.
    """

    baseline: Series
    twin: Series
    others: list[Series]

    def all_series(self) -> list[Series]:
        """Those that have a run, the baseline and its twin first."""
        return [series for series in (self.baseline, self.twin, *self.others) if series.runs]

    @cached_property
    def control(self) -> Comparison:
        """The baseline's twin less the baseline."""
        return self._compared(self.twin)

    @cached_property
    def comparisons(self) -> list[Comparison]:
        """Every other variant less the baseline."""
        return [self._compared(series) for series in self.others]

    def _compared(self, series: Series) -> Comparison:
        base = self.baseline.runs
        pairs = {seed: (run, base[seed]) for seed, run in series.runs.items() if seed in base}
        return Comparison(series.title, {seed: a.final_accuracy - b.final_accuracy for seed, (a, b) in pairs.items()})


def arranged(runs: Iterable[TrainingRun]) -> PairedAccuracy:
    """Runs of one recipe, device and data set, put into series; of two of one variant and seed, the later in order."""
    series: dict[tuple[str, bool], Series] = {}
    for run in runs:
        series.setdefault((run.label, run.twin), Series(run.title, {})).runs[run.seed] = run
    baseline = series.pop((BASELINE, False), Series(BASELINE, {}))
    twin = series.pop((BASELINE, True), Series(f"{BASELINE} twin", {}))
    return PairedAccuracy(baseline, twin, list(series.values()))


def paired_accuracy(
    choices: Sequence[Choice],
    settings: Settings,
    recipe: Recipe,
    seeds: int,
    *,
    on_progress: OnProgress = lambda progress: None,
) -> PairedAccuracy:
    """Train the baseline, its twin and every choice from seeds 0, 1, ...; what is in store is not trained again.

    Seed by seed, each run stored at once: an interrupted series leaves whole pairs and can go on.

    Args:
        choices: the variants to compare with the baseline, which itself may be among them.
        settings: of the run; their seed is not used.
        recipe: what to train by.
        seeds: how many, at least 1; one alone is compared with nothing to judge it by.
        on_progress: told of every step.

    Raises:
        LenetError: no seeds, or a variant's code, packages or data were changed while it ran.
        WorkerError: a worker could not be started, or was lost; what was stored stays.
    """
    if seeds < 1:
        raise LenetError(f"There is nothing to train from {seeds} seeds; give at least 1.")
    plan = _plan(choices, settings, recipe)
    found: list[TrainingRun] = []
    for seed in range(seeds):
        for choice, planned in plan:
            wanted = replace(planned, seed=seed)
            at = Progress(planned.title, seed, len(found) + 1, seeds * len(plan), 0, recipe.epochs)
            run, reason = stored_runs.find(settings, wanted)
            if run:
                on_progress(replace(at, epoch=recipe.epochs, stored=True))
            else:
                on_progress(replace(at, reason=reason))
                run = train(choice, settings, recipe, seed=seed, twin=wanted.twin, on_epoch=_telling(on_progress, at))
                stored_runs.save(settings, run)
                if changes := stored_runs.changes(wanted, run):
                    raise LenetError(f"While {run.title} was measured, {'; '.join(changes)}; measure it again.")
            found.append(run)
    return arranged(found)


def _telling(on_progress: OnProgress, at: Progress) -> OnEpoch:
    return lambda epoch, loss, accuracy, seconds: on_progress(
        replace(at, epoch=epoch, loss=loss, accuracy=accuracy, seconds=seconds)
    )


def _plan(choices: Sequence[Choice], settings: Settings, recipe: Recipe) -> list[tuple[Choice, Experiment]]:
    """What to train from every seed, the baseline and its twin first; each variant's worker is started once to ask."""
    [baseline] = registry.choices(BASELINE)
    plan: dict[str, tuple[Choice, Experiment]] = {}
    for choice in dict.fromkeys([baseline, *choices]):
        with Subject(choice, settings, recipe) as subject:
            planned = experiment(subject)
        for each in (planned, replace(planned, twin=True)) if choice == baseline else (planned,):
            plan.setdefault(each.title, (choice, each))
    return list(plan.values())
