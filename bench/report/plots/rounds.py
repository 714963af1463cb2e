"""Every timed round of every variant as a point, the blocks told apart, on a log axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING

from bench.report import escape
from bench.report.plots.line_styles import framework_styles
from bench.report.plots.style import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MARKERS = "osD^vP"
"""One for each block; they begin anew after so many."""


def rounds_figure(rounds: Mapping[str, tuple[Sequence[float], Sequence[int]]], theme: Theme) -> Figure:
    """The figure: a line per variant, a point per round; blocks have markers and heights of their own.

    Args:
        rounds: by label, seconds of each round and the block that it was in; at least one variant.
        theme: to draw in.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    labels = list(rounds)
    figure = Figure(figsize=(8.6, 0.9 + 0.42 * len(labels)), layout="constrained")
    axes = figure.subplots()
    axes.set_xscale("log")
    for line, (label, style) in enumerate(zip(labels, framework_styles(labels, theme), strict=True)):
        seconds, blocks = rounds[label]
        numbers = sorted(set(blocks))
        for order, number in enumerate(numbers):
            own = [value for value, block in zip(seconds, blocks, strict=True) if block == number]
            height = line + 0.5 * ((order + 0.5) / len(numbers) - 0.5)
            marker = MARKERS[order % len(MARKERS)]
            axes.plot(own, [height] * len(own), marker, color=style.colour, markersize=4.5, alpha=0.85, gid="rounds")
        axes.plot([median(seconds)] * 2, [line - 0.36, line + 0.36], color=theme.ink, linewidth=1.4)
    axes.set_yticks(range(len(labels)), [escape.figure(label) for label in labels])
    axes.invert_yaxis()
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("seconds an epoch, log scale; a marker a block, the bar is the median")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    every = [value for seconds, _ in rounds.values() for value in seconds]
    axes.set_xlim(min(every) / 1.25, max(every) * 1.25)
    return figure
