"""The lecture's own figures, marked where a run can be held against them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bench.lecture.facts import EPOCHS, FIRST_ACCURACY, HUNDRED_EPOCHS_ACCURACY, LAST_ACCURACY
from bench.report.plots.style import Theme
from bench.training.run import TrainingRun

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path as Shape
    from matplotlib.patheffects import AbstractPathEffect


THE_LECTURES_OWN = re.compile(r"lecture(-\d+)?(-halving)?(\[:\d+\])?")
"""Names that `impls.spec.lecture` gives where neither learning rate nor initial parameters are others."""


def begins_like_the_lecture(run: TrainingRun) -> bool:
    """Whether its first ten epochs are the lecture's: its learning rate, its initial parameters, its images."""
    return bool(THE_LECTURES_OWN.fullmatch(run.recipe)) and not run.made_up


def mark_first_ten(axes: Axes, runs: Sequence[TrainingRun], theme: Theme) -> None:
    """Mark the accuracies that the lecture shows after its first and its tenth epoch, for runs that have these.

    Args:
        axes: epochs along, accuracy in percent up.
        runs: that are drawn on it.
        theme: to draw in.
    """
    likes = [len(run.accuracy_per_epoch) for run in runs if begins_like_the_lecture(run)]
    if not likes:
        return
    first, last = 100 * FIRST_ACCURACY, 100 * LAST_ACCURACY
    open_mark: dict[str, Any] = {
        "color": theme.ink,
        "linestyle": "none",
        "markerfacecolor": "none",
        "markeredgewidth": 1.4,
    }
    axes.plot([1], [first], marker="D", markersize=9, zorder=3, gid="lecture-first", **open_mark)
    # An accuracy rises, ever less steeply: to the lower right of a point there is room.
    _note(axes, f"lecture: {first:.0f} %", (1, first), (10, -4), theme, ha="left", va="center")
    if max(likes) < EPOCHS:
        return
    axes.plot([EPOCHS], [last], marker=_at_least(), markersize=26, zorder=3, gid="lecture-last", **open_mark)
    axes.update_datalim([(EPOCHS, last + 1.5)])  # room for the arrow
    # Below all that is drawn above the words, which take some two fifths of the axis.
    epochs = max(len(run.accuracy_per_epoch) for run in runs)
    rightwards = epochs > 1.5 * EPOCHS
    edge = EPOCHS + (0.04 * epochs if rightwards else 0.35)
    beginning, end = (edge, edge + 0.45 * epochs) if rightwards else (edge - 0.45 * epochs, edge)
    above = [
        accuracy for run in runs for accuracy in run.accuracy_per_epoch[max(0, int(beginning) - 1) : math.ceil(end)]
    ]
    place = (edge, min(last, 100 * min(above, default=1)) - 1)
    text = f"lecture: {last:.0f} % or more"
    _note(axes, text, (EPOCHS, last), place, theme, ha="left" if rightwards else "right", va="top", leader=True)


def mark_hundred(axes: Axes, theme: Theme) -> None:
    """A line at the accuracy that the lecture expects of a hundred epochs; the axis is made to include it."""
    value = 100 * HUNDRED_EPOCHS_ACCURACY
    axes.axhline(value, color=theme.ink, linewidth=1.2, linestyle=(0, (1, 2)), gid="lecture-hundred")
    _note(axes, f"lecture: {value:.0f} % after 100 epochs", (1, value), (0, 5), theme, ha="left", va="bottom")
    low, high = axes.get_ylim()
    axes.set_ylim(low, max(high, value + 0.12 * (value - low)))


def _note(
    axes: Axes,
    text: str,
    at: tuple[float, float],
    place: tuple[float, float],
    theme: Theme,
    *,
    leader: bool = False,
    **alignment: Any,
) -> None:
    """Text beside a point: ``place`` is in points from there; or, with a thin line to the point, on the axes."""
    line = {"arrowstyle": "-", "color": theme.ink, "linewidth": 0.7, "shrinkB": 4, "shrinkA": 0}
    axes.annotate(
        text,
        at,
        xytext=place,
        textcoords="data" if leader else "offset points",
        arrowprops=line if leader else None,
        fontsize=9,
        color=theme.ink,
        zorder=4,
        path_effects=_halo(theme),
        **alignment,
    )


def _halo(theme: Theme) -> list[AbstractPathEffect]:
    """Keeps the grid out of the letters."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=3, foreground=theme.background)]


def _at_least() -> Shape:
    """A marker: a short line at the value, and from its end an arrow upwards, clear of what is at the value itself."""
    from matplotlib.path import Path as Shape

    points = [(-0.5, 0), (0.5, 0), (0.5, 1), (0.26, 0.7), (0.5, 1), (0.74, 0.7)]
    return Shape(points, [Shape.MOVETO, *[Shape.LINETO] * 2, Shape.MOVETO, *[Shape.LINETO] * 2])
