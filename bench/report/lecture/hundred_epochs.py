"""The figure of a hundred epochs on a machine, from all its runs in store."""

from __future__ import annotations

from pathlib import Path

from bench.lecture.evidence import gather
from bench.lecture.folder import FOLDER
from bench.lecture.schedules import schedules

NAME = "hundred-epochs"
"""Of its files, in a machine's folder."""


def draw_hundred_epochs(results: Path, machine: str | None = None) -> list[Path]:
    """Draw it where there are two schedules to compare.

    Args:
        results: the folder of all results.
        machine: the one machine that it is drawn for; None for every machine.

    Returns:
        The files.
    """
    from bench.report.plots.schedules import draw_schedules

    found = []
    for evidence in gather(results, [], machine):
        if evidence.lecture and len(series := schedules(evidence)) > 1:
            found += draw_schedules(series, results / FOLDER / evidence.machine / NAME)
    return found
