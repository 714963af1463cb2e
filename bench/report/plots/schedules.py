"""Accuracy over a hundred epochs, by how the learning rate goes."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.report import escape
from bench.report.plots.axes import circumstances, epoch_axis, headline, legend_below, network, percent_axis
from bench.report.plots.curves import MARKERS_UP_TO
from bench.report.plots.lecture_marks import mark_hundred
from bench.report.plots.line_styles import series_styles
from bench.report.plots.style import Theme, save
from bench.training.run import TrainingRun

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_schedules(series: Mapping[str, Sequence[TrainingRun]], path: Path) -> list[Path]:
    """Draw test accuracy over epochs, a line per schedule.

    Args:
        series: from what the legend says of a schedule to its runs, which differ in their seeds. The line is their
            mean as far as all of them have come, the band goes from the least to the greatest.
        path: of the files, without suffix.

    Returns:
        The files, as `save` names them.
    """
    return save(partial(schedules_figure, series), path)


def schedules_figure(series: Mapping[str, Sequence[TrainingRun]], theme: Theme) -> Figure:
    """The figure: lines in order of the mapping, in percent, on its only axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.6, 4.7), layout="constrained")
    axes = figure.subplots()
    tables = {name: _percent(runs) for name, runs in series.items()}
    epochs = max(table.shape[1] for table in tables.values())
    lines = []
    for (name, table), style in zip(tables.items(), series_styles(len(tables), theme), strict=True):
        along = range(1, table.shape[1] + 1)
        options = style.options(theme, markers=epochs <= MARKERS_UP_TO) | {"linewidth": 2}
        lines += axes.plot(along, table.mean(axis=0), label=name, **options)
        if len(table) > 1:
            axes.fill_between(along, table.min(axis=0), table.max(axis=0), color=style.colour, alpha=0.2, linewidth=0)
    epoch_axis(axes, epochs)
    percent_axis(axes)
    mark_hundred(axes, theme)
    runs = [run for each in series.values() for run in each]
    labels = " and ".join(dict.fromkeys(run.title for run in runs))
    title = textwrap.fill(escape.figure(f"{labels} on {circumstances(runs)}"), 90)
    if any(len(table) > 1 for table in tables.values()):
        title += "\nLines are means over seeds; bands go from the least to the greatest."
    axes.set_title(title, loc="left")
    headline(figure, f"{network(runs)} by learning rate: test accuracy after every epoch")
    legend_below(figure, lines, list(tables))
    return figure


def _percent(runs: Sequence[TrainingRun]) -> np.ndarray:
    """Accuracies (runs, epochs) in percent, of the epochs that every run has."""
    epochs = min(len(run.accuracy_per_epoch) for run in runs)
    return 100 * np.array([run.accuracy_per_epoch[:epochs] for run in runs])
