"""Differences of final accuracy, seed by seed and as intervals, with the margin that they must stay within."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bench.report import escape
from bench.report.plots.line_styles import framework_styles
from bench.report.plots.style import Theme
from bench.stats.equivalence import MARGIN
from bench.training.paired import Comparison

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def differences_figure(comparisons: Sequence[Comparison], baseline: str, theme: Theme) -> Figure:
    """The figure: a line per comparison with a faint point per seed, the 95 % interval thin and the 90 % one thick.

    Args:
        comparisons: at least one, each with a pair.
        baseline: title of what they are less of.
        theme: to draw in.
    """
    from matplotlib.figure import Figure

    margin = 100 * MARGIN
    figure = Figure(figsize=(8.6, 1.1 + 0.42 * len(comparisons)), layout="constrained")
    axes = figure.subplots()
    axes.axvspan(-margin, margin, color=theme.faint, alpha=0.45, linewidth=0)
    axes.axvline(0, color=theme.ink, linewidth=0.8)
    for edge in (-margin, margin):
        axes.axvline(edge, color=theme.ink, linewidth=1.2, linestyle=(0, (4, 2)))
    labels = [comparison.title for comparison in comparisons]
    for line, (each, style) in enumerate(zip(comparisons, framework_styles(labels, theme), strict=True)):
        values = [100 * value for value in each.differences.values()]
        axes.plot(values, [line + 0.22] * len(values), "o", color=style.colour, alpha=0.45, markersize=3.5, gid="seeds")
        found = each.equivalence
        if found and found.standard_deviation is not None:
            for interval, width in ((found.interval95, 1.4), (found.interval90, 4)):
                ends = [100 * interval.low, 100 * interval.high]
                axes.plot(ends, [line, line], color=style.colour, linewidth=width, solid_capstyle="butt")
            axes.plot([100 * found.mean], [line], "D", color=style.colour, markersize=6)
    axes.set_yticks(range(len(labels)), [escape.figure(label) for label in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
    reach = max([1.5 * margin, *(abs(100 * v) * 1.1 for each in comparisons for v in each.differences.values())])
    axes.set_xlim(-reach, reach)
    axes.grid(visible=False, axis="y")
    less = escape.figure(f"points less {baseline} after the last epoch")
    axes.set_xlabel(f"{less}; equivalent where the thick bar (90 %) lies within ±{margin:.1f}")
    return figure
