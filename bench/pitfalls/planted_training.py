"""A program planted in a sound one, both trained from the same seeds: what becomes of loss and accuracy."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

from bench.pitfalls.lab import SOUND, Lab


@dataclass(frozen=True)
class PlantedTraining:
    """After the recipe's last epoch; accuracies and their differences are fractions.

    Attributes:
        sound: mean accuracy of the sound program.
        planted: of the planted one.
        differences: planted less sound, seed by seed.
        losses: relative difference of the last epoch's mean loss, planted to sound, seed by seed.
        ladder: what the ladder says of the planted program, a sentence.
    """

    sound: float
    planted: float
    differences: list[float]
    losses: list[float]
    ladder: str

    @property
    def largest(self) -> float:
        """The difference of the seed where the two are farthest apart."""
        return max(self.differences, key=abs)

    @property
    def seeds(self) -> int:
        """Pairs of runs."""
        return len(self.differences)

    @property
    def counted(self) -> str:
        """How they were trained, for a sentence."""
        return f"{SOUND} with and without the change, trained from {self.seeds} seeds each, paired by seed"

    def headline(self, change: str) -> str:
        """What one would write after the seed where the two are farthest apart, and no other."""
        if abs(self.largest) < 5e-5:
            return f"The one with {change} is as accurate as the other, from every seed."
        ahead = "more" if self.largest > 0 else "less"
        return f"The one with {change} is {abs(100 * self.largest):.2f} points {ahead} accurate (one seed)."


def planted_training(lab: Lab, name: str) -> PlantedTraining:
    """Train a planted program and the sound one, and have the ladder look at the planted one.

    Args:
        lab: to train with.
        name: of the planted program, as a command takes it.

    Raises:
        LenetError: one of them could not be trained or checked.
    """
    sound, planted = lab.trained(SOUND), lab.trained(name)
    pairs = list(zip(planted, sound, strict=True))
    return PlantedTraining(
        sound=fmean(run.final_accuracy for run in sound),
        planted=fmean(run.final_accuracy for run in planted),
        differences=[one.final_accuracy - other.final_accuracy for one, other in pairs],
        losses=[one.losses[-1] / other.losses[-1] - 1 for one, other in pairs],
        ladder=lab.verdict(name),
    )
