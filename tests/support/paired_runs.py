"""Stored runs of paired seeds that nobody trained: of the baseline, its twin and one other variant."""

from __future__ import annotations

from typing import Any

from bench.base.settings import BASELINE
from bench.training.run import TrainingRun
from made_up_runs import made


def five(label: str, gaps: list[float], **fields: Any) -> list[TrainingRun]:
    """Runs of seeds 0, 1, ... that differ from 45 %, 46 %, ... by ``gaps`` points."""
    return [made(label, seed, 0.45 + 0.01 * seed + gap / 100, **fields) for seed, gap in enumerate(gaps)]


BASE = five(BASELINE, [0.0] * 3)
TWIN = five(BASELINE, [0.3, -0.3, 0.3], twin=True)
FLAX = five("flax:jit", [0.1, 0.2, 0.3])
