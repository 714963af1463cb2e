"""What was asked of a benchmark run."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from impls.recipe import LECTURE, Recipe
from impls.registry import Choice

BASELINE = "pytorch:eager"
"""The variant that others are compared with."""


@dataclass(frozen=True)
class Settings:
    """A run's settings, checked.

    Attributes:
        choices: the variants to measure.
        device: "cpu" or "cuda".
        precision: "fp32".
        threads: cores that every worker is bound to.
        quick: fewer rounds, two epochs of training, no variant known to be slow.
        seed: of initial parameters and order.
        timeout: seconds that one call of a worker may take.
        results: folder of all results.
        machine: folder of this machine's results in there.
        root: where CIFAR-10 is kept; None for the default.
        synthetic: 0 for CIFAR-10, else the number of made-up training images to use instead.
        left_out: labels of variants that were not asked for by name and are left out, with the reason.
    """

    choices: list[Choice]
    device: str
    precision: str
    threads: int
    quick: bool
    seed: int
    timeout: float
    results: Path
    machine: str
    root: str | None = None
    synthetic: int = 0
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def train_size(self) -> int:
        """Images in the training split."""
        return self.synthetic or 50_000

    @property
    def rounds(self) -> int:
        """Timed rounds of an epoch or evaluation."""
        return 3 if self.quick else 7

    @property
    def recipe(self) -> Recipe:
        """What the training benchmark trains by."""
        return LECTURE.shortened(2) if self.quick else LECTURE

    def choice(self, label: str) -> Choice:
        """The variant to measure that has this label."""
        return next(choice for choice in self.choices if choice.label == label)
