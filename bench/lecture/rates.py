"""Which learning rate did the lecture use? It does not say; what each gives is held against what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.lecture import facts
from bench.lecture.claims.first_epoch import fits_first_epoch
from bench.lecture.evidence import Evidence
from bench.stats.student import prediction_interval
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
        """Whether one more run might show what the lecture shows; None of a single run, which does not tell."""
        if len(self.runs) < 2:
            return None
        _, high = prediction_interval(self.after_last)
        return fits_first_epoch(prediction_interval(self.after_first)) and high >= facts.LAST_ACCURACY


def rates(evidence: Evidence) -> list[Rate]:
    """What each rate gives in each framework, of those that were trained."""
    return [
        Rate(recipe.learning_rate, framework, runs)
        for recipe in COMPARED
        for framework, runs in evidence.by_framework(recipe.name).items()
    ]
