"""What the lecture's network takes for what on a machine: the figure and the table of its commonest errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench.lecture.claims import confusion
from bench.lecture.evidence import FRAMEWORKS, Evidence, gather
from bench.lecture.folder import FOLDER
from bench.report.tables.table import Table
from impls.data.images import CLASSES

NAME = "confusion"
"""Of its files, in a machine's folder."""

COMMONEST = 8
"""Pairs of classes in the table."""


def draw_confusions(results: Path, machine: str | None = None) -> list[Path]:
    """Draw it where runs recorded it.

    Args:
        results: the folder of all results.
        machine: the one machine that it is drawn for; None for every machine.

    Returns:
        The files.
    """
    from bench.report.plots.confusion import draw_confusion

    found = []
    for evidence in gather(results, [], machine):
        if evidence.lecture and (series := confusion.recorded(evidence)):
            found += draw_confusion(series, results / FOLDER / evidence.machine / NAME)
    return found


def confusions_table(evidence: Evidence) -> Table | None:
    """The commonest errors, by the mean over frameworks; None where no run recorded them."""
    from bench.report.plots.confusion import shares

    series = confusion.recorded(evidence)
    if not series:
        return None
    by_framework = {framework: shares(runs) for framework, runs in series.items()}
    mean = np.mean(list(by_framework.values()), axis=0)
    np.fill_diagonal(mean, 0)
    rows = []
    for place in np.argsort(-mean, axis=None)[:COMMONEST]:
        true, taken = divmod(int(place), mean.shape[1])
        kind = "same kind" if (true in confusion.VEHICLES) == (taken in confusion.VEHICLES) else "other kind"
        cells = [f"{by_framework[f][true, taken]:.1%}" if f in by_framework else "" for f in FRAMEWORKS]
        rows.append([CLASSES[true], CLASSES[taken], kind, *cells])
    return Table(["is", "is taken for", "of", *FRAMEWORKS.values()], rows)
