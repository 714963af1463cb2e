"""Accuracy over paired seeds: every variant against the baseline, and the baseline against its own twin.

Accuracy depends on the seed by more than frameworks are said to differ, so variants are compared seed by seed: a
pair shares its initial parameters and its order. Rounding alone makes the runs of a pair part in the end; how far, the
twin shows, which is the baseline started one unit in the last place beside itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from bench.base.settings import BASELINE, Settings, usual_baseline
from bench.stats.equivalence import Equivalence, equivalence
from bench.stats.student import Interval, mean_interval
from bench.training import store
from bench.training.job import Job, OnProgress, Progress
from bench.training.loop import experiment
from bench.training.run import Experiment, TrainingRun
from bench.training.series import train_all
from bench.worker.process import WorkerError
from bench.worker.variant import Subject
from impls import registry
from impls.errors import LenetError
from impls.registry import Choice
from impls.spec import Recipe


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
        baseline: of the variant that the others are compared with.
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


def arranged(runs: Iterable[TrainingRun], baseline_label: str | None = None) -> PairedAccuracy:
    """Runs of one recipe, device and data set, put into series; of two of one variant and seed, the later in order.

    Args:
        runs: to be arranged.
        baseline_label: what the others are compared with; None is `BASELINE` or, where there is no run of it, the
            variant of which there is a twin.
    """
    series: dict[tuple[str, bool], Series] = {}
    for run in runs:
        series.setdefault((run.label, run.twin), Series(run.title, {})).runs[run.seed] = run
    twins = [label for label, twin in series if twin]
    label = baseline_label or (BASELINE if (BASELINE, False) in series or not twins else twins[0])
    baseline = series.pop((label, False), Series(label, {}))
    twin = series.pop((label, True), Series(f"{label} twin", {}))
    return PairedAccuracy(baseline, twin, list(series.values()))


def paired_accuracy(
    choices: Sequence[Choice],
    settings: Settings,
    recipe: Recipe,
    seeds: int,
    *,
    baseline: Choice | None = None,
    at_once: int = 1,
    on_progress: OnProgress = lambda progress: None,
) -> PairedAccuracy:
    """Train the baseline, its twin and every choice from seeds 0, 1, ...; what is in store is not trained again.

    Seed by seed, each run stored as it ends: an interrupted series leaves whole pairs, as far as may be, and can go on.

    Args:
        choices: the variants to compare with the baseline, which itself may be among them.
        settings: of the run; their seed is not used.
        recipe: what to train by.
        seeds: how many, at least 1; one alone is compared with nothing to judge it by.
        baseline: what the choices are compared with; None is `BASELINE`, or another where PyTorch is not installed.
        at_once: how many runs to train at the same time, as far as device and variant allow it.
        on_progress: told of every step.

    Raises:
        LenetError: no seeds, or a variant's code, packages or data were changed while it ran.
        WorkerError: a worker could not be started, or was lost; all other runs were trained and are stored.
    """
    if seeds < 1:
        raise LenetError(f"There is nothing to train from {seeds} seeds; give at least 1.")
    baseline = baseline or registry.choices(usual_baseline(BASELINE))[0]
    plan = _plan(baseline, choices, settings, recipe)
    found: dict[int, TrainingRun] = {}
    missing: list[Job] = []
    for number, (seed, (choice, planned, many)) in enumerate(product(range(seeds), plan), start=1):
        wanted = replace(planned, seed=seed)
        at = Progress(planned.title, seed, number, seeds * len(plan), 0, recipe.epochs)
        stored, reason = store.find(settings, wanted)
        if stored:
            found[number] = stored
            on_progress(replace(at, epoch=recipe.epochs, stored=True))
        else:
            missing.append(Job(choice, wanted, many, at, reason))
    lost: list[tuple[Job, WorkerError]] = []
    with closing(train_all(missing, settings, recipe, at_once, on_progress)) as outcomes:
        for job, run in outcomes:
            if isinstance(run, WorkerError):
                lost.append((job, run))
                continue
            store.save(settings, run)
            found[job.at.run] = run
            if changes := store.changes(job.wanted, run):
                raise LenetError(f"While {run.title} was measured, {'; '.join(changes)}; measure it again.")
    if lost:
        raise _loss(lost)
    return arranged((found[number] for number in sorted(found)), plan[0][1].label)


def _loss(lost: list[tuple[Job, WorkerError]]) -> WorkerError:
    """One sentence for all runs that came to nothing."""
    which = ", ".join(f"{job.wanted.title} from seed {job.wanted.seed}" for job, _ in lost)
    error = WorkerError(f"{lost[0][1]} Missing: {which}; all else is stored, and the same again trains only these.")
    error.__cause__ = lost[0][1]
    return error


def _plan(
    baseline: Choice, choices: Sequence[Choice], settings: Settings, recipe: Recipe
) -> list[tuple[Choice, Experiment, bool]]:
    """What to train from every seed, the baseline and its twin first, and whether it trains several seeds at once.

    Each variant's worker is started once to ask.
    """
    plan: dict[str, tuple[Choice, Experiment, bool]] = {}
    for choice in dict.fromkeys([baseline, *choices]):
        with Subject(choice, settings, recipe) as subject:
            planned, many = experiment(subject), bool(subject.info["many"])
        for each in (planned, replace(planned, twin=True)) if choice == baseline else (planned,):
            plan.setdefault(each.title, (choice, each, many))
    return list(plan.values())
