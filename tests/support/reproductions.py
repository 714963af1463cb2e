"""Reproductions of the lecture by the tests' fakes: three epochs, whole or interrupted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bench.base.settings import Settings
from bench.lecture.reproduce import Reached, Reproduction
from bench.training.run import TrainingRun
from impls import registry
from impls.spec import Params, lecture

SOUND, OTHER = "fakes:Sound:float32", "fakes:Sound:float64"
THREE = lecture(3)
F32 = "fakes-Sound-float32"
KEPT = ("run.json", "final.safetensors")


class Silent:
    """A view that keeps what it is told, and may interrupt a run."""

    def __init__(self, interrupt_after: int = 10**9) -> None:
        self.told: list[Any] = []
        self.epochs_left = interrupt_after

    def begin(self, title: str, epochs: int, run: TrainingRun | None, reason: str) -> None:
        self.told.append(("begin", title, len(run.losses) if run else 0, reason))

    def epoch(self, number: int, loss: float, accuracy: float, seconds: float) -> None:
        self.told.append(("epoch", number))
        self.epochs_left -= 1
        if self.epochs_left == 0:
            raise KeyboardInterrupt

    def end(self, run: TrainingRun, *, stored: bool) -> None:
        self.told.append(("end", run.label, stored))


def no_figures(folder: Path, reached: Sequence[Reached], initial: Params) -> list[Path]:
    return []


def made(settings: Settings, *labels: str, **options: Any) -> Reproduction:
    return Reproduction([c for label in labels for c in registry.choices(label)], settings, THREE, **options)


def interrupted(settings: Settings, after: int = 2, *labels: str, **options: Any) -> Reproduction:
    """A reproduction that was stopped as soon as so many epochs were told of."""
    found = made(settings, *(labels or (SOUND,)), **options)
    with pytest.raises(KeyboardInterrupt):
        found.run(Silent(after))
    found.write(no_figures)
    return found


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
