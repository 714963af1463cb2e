"""Loss and accuracy over epochs: the mean over seeds as a line, the least and the greatest of them as a band."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bench.report import escape
from bench.report.plots.axes import epoch_axis, legend_below, percent_axis, value_axis
from bench.report.plots.line_styles import framework_styles
from bench.report.plots.style import Theme
from bench.training.paired import Series

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def bands_figure(series: Sequence[Series], theme: Theme) -> Figure:
    """The figure: losses on its first axes, accuracies in percent on its second; a line and a band per series.

    Args:
        series: at least one, each with a run; runs of one series have as many epochs.
        theme: to draw in.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.6, 3.6), layout="constrained")
    losses, accuracies = figure.subplots(1, 2)
    lines = []
    for one, style in zip(series, framework_styles([each.title for each in series], theme), strict=True):
        for axes, curves in (
            (losses, np.array([run.losses for run in one.runs.values()])),
            (accuracies, 100 * np.array([run.accuracy_per_epoch for run in one.runs.values()])),
        ):
            along = np.arange(1, curves.shape[1] + 1)
            if len(curves) > 1:
                axes.fill_between(along, curves.min(axis=0), curves.max(axis=0), color=style.colour, alpha=0.15, lw=0)
            drawn = axes.plot(along, curves.mean(axis=0), **style.options(theme, markers=curves.shape[1] <= 20))
        lines += drawn
    epochs = max(len(run.losses) for one in series for run in one.runs.values())
    for axes in (losses, accuracies):
        epoch_axis(axes, epochs)
    losses.set_title("Mean training loss, nats", loc="left")
    accuracies.set_title("Accuracy on the test images", loc="left")
    value_axis(losses, least=0.2)
    percent_axis(accuracies)
    legend_below(figure, lines, [escape.figure(f"{one.title} ({_seeds(one)})") for one in series])
    return figure


def _seeds(series: Series) -> str:
    return f"{len(series.runs)} seed{'' if len(series.runs) == 1 else 's'}"
