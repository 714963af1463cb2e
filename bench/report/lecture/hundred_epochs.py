"""The figure of a hundred epochs on every machine, from all runs in store."""

from __future__ import annotations

from pathlib import Path

from bench.lecture.evidence import gather
from bench.lecture.folder import FOLDER
from bench.lecture.schedules import schedules

NAME = "hundred-epochs"
"""Of its files, in a machine's folder."""


def draw_hundred_epochs(results: Path) -> list[Path]:
    """Draw it for every machine that has two schedules to compare; the files."""
    from bench.report.plots.schedules import draw_schedules

    found = []
    for evidence in gather(results, []):
        if evidence.lecture and len(series := schedules(evidence)) > 1:
            found += draw_schedules(series, results / FOLDER / evidence.machine / NAME)
    return found
