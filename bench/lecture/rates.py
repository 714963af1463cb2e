"""Which learning rate did the lecture use? It does not say; what each gives is held against what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.lecture import facts
from bench.lecture.claims.finding import NOT_REPRODUCED, REPRODUCED, at_least
from bench.lecture.claims.first_epoch import TWO_POINTS, shows_first_epoch
from bench.lecture.evidence import Evidence
from bench.stats.student import mean_interval
from bench.training.run import TrainingRun
from impls.spec import LECTURE, Recipe, lecture

COMPARED: tuple[Recipe, ...] = (LECTURE, lecture(learning_rate=1e-3))


@dataclass(frozen=True)
class Rate:
    """What a learning rate gives in one framework.

    Attributes:
        learning_rate: Adam's.
        framework: one of `bench.lecture.evidence.FRAMEWORKS`.
        runs: of ten epochs.
    """

    learning_rate: float
    framework: str
    runs: Sequence[TrainingRun]

    @property
    def after_first(self) -> list[float]:
        """Accuracies after the first epoch, fractions."""
        return [run.accuracy_per_epoch[0] for run in self.runs]

    @property
    def after_last(self) -> list[float]:
        """Accuracies after the last epoch, fractions."""
        return [run.final_accuracy for run in self.runs]

    @property
    def fits(self) -> bool | None:
        """Whether a run shows what the lecture shows; None where there are too few runs to tell.

        It fits where the first epoch's accuracy is reproduced, and the last one's mean is known to be no further than
        `TWO_POINTS` below the lecture's "or more". It does not fit where either is refuted.
        """
        first, last = shows_first_epoch(self.after_first), at_least(self.after_last, facts.LAST_ACCURACY)
        if NOT_REPRODUCED in (first, last):
            return False
        near = mean_interval(self.after_last).low >= facts.LAST_ACCURACY - TWO_POINTS
        return True if first == REPRODUCED and near else None


def rates(evidence: Evidence) -> list[Rate]:
    """What each rate gives in each framework, of those that were trained."""
    return [
        Rate(recipe.learning_rate, framework, runs)
        for recipe in COMPARED
        for framework, runs in evidence.by_framework(recipe.name).items()
    ]
