"""What the lecture's claims are held against, made up: runs of given accuracies, and evidence of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.lecture.claims import audit
from bench.lecture.claims.finding import Finding
from bench.lecture.evidence import Evidence
from bench.training.run import TrainingRun
from impls.spec import LECTURE, Recipe
from made_up_runs import made

Curve = Sequence[float]


LAYERS = ("conv1", "conv2", "fc1", "fc2", "fc3")


def run(
    curve: Curve, seed: int = 0, label: str = "pytorch:eager", recipe: Recipe = LECTURE, **more: Any
) -> TrainingRun:
    """A run with these accuracies, and losses that fall."""
    losses = [2.0 - 0.001 * epoch for epoch in range(len(curve))]
    seconds = [3.0] * len(curve)
    values: dict[str, Any] = {
        "recipe": recipe.name,
        "losses": losses,
        "accuracy_per_epoch": list(curve),
        "epoch_seconds": seconds,
        "eval_seconds": [0.5] * len(curve),
        "total_seconds": 3.5 * len(curve),
        "weight_change": {f"{layer}.weight": 0.5 for layer in LAYERS},
    }
    return made(label, seed, **values | more)


def evidence(*runs: TrainingRun, **more: Any) -> Evidence:
    found: dict[str, dict[str, list[TrainingRun]]] = {}
    for each in runs:
        found.setdefault(each.recipe, {}).setdefault(each.label, []).append(each)
    return Evidence("Abacus", found, **more)


def finding(of: Evidence, words: str) -> Finding:
    [found] = [each for each in audit(of) if words in each.claim]
    return found


RISING = [0.28, 0.31, 0.34, 0.37, 0.39, 0.41, 0.43, 0.44, 0.45, 0.46]


def shifted(by: float) -> list[float]:
    return [accuracy + by for accuracy in RISING]
