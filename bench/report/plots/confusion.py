"""What is taken for what: a matrix of classes, a panel per framework."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.lecture.claims.confusion import VEHICLES
from bench.lecture.evidence import FRAMEWORKS
from bench.report.plots.axes import circumstances, headline, network, recipes
from bench.report.plots.style import Theme, save
from bench.training.run import TrainingRun
from impls.data.images import CLASSES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

ORDER = (*VEHICLES, *(label for label in range(len(CLASSES)) if label not in VEHICLES))
"""Vehicles first, so that the two kinds are blocks."""


def draw_confusion(series: Mapping[str, Sequence[TrainingRun]], path: Path) -> list[Path]:
    """Draw the mean confusion of runs that recorded it.

    Args:
        series: runs by framework, `bench.lecture.evidence.FRAMEWORKS`; at least one of each.
        path: of the files, without suffix.

    Returns:
        The files, as `save` names them.
    """
    return save(partial(confusion_figure, series), path)


def shares(runs: Sequence[TrainingRun]) -> np.ndarray:
    """Of each class' images (rows), the share that is taken for each class, over all runs: (10, 10)."""
    counts = np.sum([np.array(run.confusion, np.float64) for run in runs], axis=0)
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def confusion_figure(series: Mapping[str, Sequence[TrainingRun]], theme: Theme) -> Figure:
    """The figure: a panel per framework, percent of each class' images in its cells."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.4 * len(series) + 0.4, 5.6), layout="constrained")
    colours = LinearSegmentedColormap.from_list("shares", theme.weights[5:])
    for axes, (framework, runs) in zip(np.atleast_1d(figure.subplots(1, len(series))), series.items(), strict=True):
        _panel(axes, 100 * shares(runs)[np.ix_(ORDER, ORDER)], colours, theme)
        axes.set_title(f"{FRAMEWORKS[framework]}: {runs[0].label}, {len(runs)} runs", loc="left")
    runs = [run for own in series.values() for run in own]
    headline(figure, f"{network(runs)}: what is taken for what, percent of each class' test images")
    figure.supxlabel(f"{recipes(runs)} on {circumstances(runs)}", x=0.02, ha="left", fontsize=9, color=theme.ink)
    return figure


def _panel(axes: Axes, percent: np.ndarray, colours: Colormap, theme: Theme) -> None:
    axes.imshow(percent, cmap=colours, vmin=0, vmax=70)
    names = [CLASSES[label] for label in ORDER]
    axes.set_xticks(range(len(CLASSES)), names, rotation=45, ha="right")
    axes.set_yticks(range(len(CLASSES)), names)
    axes.set_xlabel("taken for")
    axes.set_ylabel("is")
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    between = len(VEHICLES) - 0.5
    axes.axhline(between, color=theme.ink, linewidth=1.2)
    axes.axvline(between, color=theme.ink, linewidth=1.2)
    for row, column in np.ndindex(percent.shape):
        value = percent[row, column]
        ink = theme.background if value > 40 else theme.ink
        axes.text(column, row, f"{value:.0f}", ha="center", va="center", fontsize=8, color=ink)
