"""Figures of every planted mistake that nobody measured, and what a lab has of stored results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.lecture.evidence import Evidence
from bench.pitfalls.committed import Source
from bench.pitfalls.mistakes import (
    compilation,
    initial,
    last_batch,
    loader,
    one_seed,
    other_process,
    rounds,
    tf32,
    training_mode,
    unfinished,
)
from bench.pitfalls.planted_training import PlantedTraining
from bench.pitfalls.stored import Outcome, Stored
from bench.results.load import Device, Run, Variant
from bench.stats.ratio import Ratio
from bench.stats.student import Interval
from bench.training.run import TrainingRun

DEVICE = "Abacus, 2 cores"
SOURCE = Source("abacus/2026-01-01T00-00-00Z.json", DEVICE, "0123456789", "2026-01-01")
HALF, DOUBLE, SAME = Ratio(0.5, 0.4, 0.6), Ratio(2.0, 1.9, 2.1), Ratio(1.01, 0.98, 1.04)
SMALL, GAP = Interval(0.001, -0.002, 0.004), Interval(0.042, 0.03, 0.05)
TRAINED = PlantedTraining(0.45, 0.452, [0.002, -0.001, 0.005], [0.001, 0.002, -0.003], "different on the rung 'x'")

FIGURES: dict[str, Any] = {
    "unfinished": unfinished.Figures(5000, 0.002, 0.05, 0.048, Ratio(0.03, 0.02, 0.04), HALF, "it does not wait."),
    "compilation": compilation.Figures(SOURCE, 1.3, 0.5, 0.7, 0.6, DOUBLE, SAME, HALF),
    "initial": initial.Figures(SOURCE, 5, 0.454, 0.496, GAP, GAP, SMALL),
    "shuffle": TRAINED,
    "loader": loader.Figures(SOURCE, 3.9, 2.5, DOUBLE, HALF, SAME),
    "tf32": tf32.Figures(SOURCE, "flax:scan", 0.2, 0.1),
    "epsilon": TRAINED,
    "other_process": other_process.Figures(5000, 1, DOUBLE, SAME),
    "one_seed": one_seed.Figures(SOURCE, "a:b", [0.44, 0.445, 0.47], [0.001, -0.002], "flax:c", [0.002, 0.001, -0.001]),
    "rounds": rounds.Figures(5000, 10, [Ratio(1.05, 1.02, 1.08), SAME], SAME, SOURCE, 0.4),
    "last_batch": last_batch.Figures(3, 80, SMALL, 0.45, 0.452, 0.449, 2.1, 0.03),
    "training_mode": training_mode.Figures(3, 0.37, 0.37, 0.35, 0.28),
}
"""By the mistake's key."""


def stored(**changed: Any) -> Stored:
    """A machine on which everything was measured, but for what is replaced."""
    made = Stored(DEVICE, 2, "cifar10-x", {"python": "3.11.7", "torch": "2.14.1"})
    for key, figures in FIGURES.items():
        made.outcomes[key] = Outcome("0123456789", "2026-01-01T00:00:00+00:00", 0.1, 60.0, figures, "")
    made.outcomes.update(changed)
    return made


def missing(why: str) -> Outcome:
    """A mistake that could not be measured."""
    return Outcome("0123456789", "2026-01-01T00:00:00+00:00", 0.1, 0.0, None, why)


def timed(
    epochs: dict[str, Sequence[Sequence[float]]],
    firsts: Sequence[float] = (),
    seconds: Sequence[float] = (),
    **more: Any,
) -> Device:
    """A device on which these variants were timed, by label: seconds of rounds, one sequence a block.

    Args:
        epochs: of every variant.
        firsts: seconds of the first epoch of each of their processes.
        seconds: of the second.
        more: other fields of the device.
    """
    run = Run(Path("abacus/x.json"), "2026-01-01T00:00:00", "0123456789", [], [], 2, None, True)
    values: dict[str, Any] = {"name": DEVICE, "precision": "fp32", "data": "cifar10-x", "seed": 0, "runs": [run]}
    device = Device(**values | more)
    for label, blocks in epochs.items():
        epoch = {
            "epoch_seconds": [value for each in blocks for value in each],
            "blocks": [number for number, each in enumerate(blocks) for _ in each],
            "warmup_epoch_seconds": list(seconds),
        }
        records = {"epoch": epoch, "first epoch": {"first_epoch_seconds": list(firsts)}}
        device.variants[label] = Variant(label, records)
    return device


@dataclass
class StubSettings:
    """What mistakes that are measured from stored results ask of the settings."""

    device_name: str = DEVICE
    results: Path = Path("results")


@dataclass
class StubLab:
    """A lab with stored results and training runs, and nothing else."""

    devices: list[Device] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    runs: dict[str, list[TrainingRun]] = field(default_factory=dict)
    settings: StubSettings = field(default_factory=StubSettings)
    ladder: str = "equivalent"

    def trained(self, name: str) -> list[TrainingRun]:
        return self.runs[name]

    def verdict(self, name: str) -> str:
        return self.ladder
