"""A hundred epochs by how the learning rate goes: kept or halved, from the lecture's rate and from Adam's usual one."""

from __future__ import annotations

from bench.lecture.evidence import Evidence
from bench.training.run import TrainingRun
from impls.spec import HUNDRED, HUNDRED_HALVING, lecture

SCHEDULES = {
    "constant 1e-4": HUNDRED,
    "1e-4, halved every 10 epochs": HUNDRED_HALVING,
    "constant 1e-3": lecture(100, learning_rate=1e-3),
    "1e-3, halved every 10 epochs": lecture(100, halving=True, learning_rate=1e-3),
}
"""What a figure calls them, and by which recipe they train."""


def schedules(evidence: Evidence) -> dict[str, list[TrainingRun]]:
    """The runs of both frameworks by each schedule, of those that were trained; they compute the same.

    Returns:
        By what a figure calls the schedule, and how many runs there are.
    """
    found = {}
    for name, recipe in SCHEDULES.items():
        if runs := [run for own in evidence.by_framework(recipe.name).values() for run in own]:
            found[f"{name} ({len(runs)} run{'s' if len(runs) > 1 else ''})"] = runs
    return found
