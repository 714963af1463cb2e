"""What was asked of a benchmark run."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bench.measure import machine as machines
from impls.errors import LenetError
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
        timeout: seconds that one call of a backend's method may take.
        results: folder of all results.
        machine: folder of this machine's results in there.
        root: where CIFAR-10 is kept; None for the default.
        synthetic: 0 for CIFAR-10, else the number of made-up training images to use instead.
        left_out: labels of variants that were not asked for by name and are left out, with the reason.
        timeout_option: what a person allows more seconds with.
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
    timeout_option: str = "--worker-timeout"

    @classmethod
    def checked(
        cls,
        choices: list[Choice],
        *,
        device: str = "auto",
        precision: str = "fp32",
        threads: int | None = None,
        quick: bool = False,
        seed: int = 0,
        timeout: float,
        timeout_option: str = "--worker-timeout",
        results: Path,
        machine: str | None = None,
        root: str | None = None,
        synthetic: int = 0,
        left_out: dict[str, str] | None = None,
    ) -> Settings:
        """Settings as a person gives them, with the defaults filled in.

        Raises:
            LenetError: something is wrong with them, in one sentence.
        """
        device = machines.resolve_device(device)
        available = machines.available_cores()
        threads = available if threads is None else threads
        if not 1 <= threads <= available:
            raise LenetError(f"--threads {threads} is not between 1 and the {available} cores available.")
        if synthetic < 0 or synthetic % 200:
            raise LenetError(f"--synthetic {synthetic} is not a multiple of 200.")
        if timeout <= 0:
            raise LenetError(f"{timeout_option} takes a positive number of seconds.")
        if seed < 0:
            raise LenetError(f"--seed {seed} is negative; seeds are 0 or more.")
        return cls(
            choices=choices,
            device=device,
            precision=precision,
            threads=threads,
            quick=quick,
            seed=seed,
            timeout=timeout,
            timeout_option=timeout_option,
            results=results,
            machine=machine or machines.folder_name(device, threads),
            root=root,
            synthetic=synthetic,
            left_out=left_out or {},
        )

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
