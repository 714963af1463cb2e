"""The ladder as measured against allowed: how much room each rung left to each variant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bench.report import escape
from bench.report.plots.axes import legend_below
from bench.report.plots.line_styles import framework_styles
from bench.report.plots.style import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEAST, MOST = 1e-3, 1e2
"""Shares of what is allowed that the axis ends at; what is beyond is drawn at its end."""


def allowance_figure(rungs: Sequence[str], shares: Mapping[str, Mapping[str, float]], theme: Theme) -> Figure:
    """The figure: a line per rung, a point per variant where it used so much of what is allowed.

    Args:
        rungs: names, in order; each has a share of some variant.
        shares: by label and rung, measured over allowed, not negative.
        theme: to draw in.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter

    figure = Figure(figsize=(8.6, 1.3 + 0.32 * len(rungs)), layout="constrained")
    axes = figure.subplots()
    axes.set_xscale("log")
    labels, lines = list(shares), []
    for order, (label, style) in enumerate(zip(labels, framework_styles(labels, theme), strict=True)):
        own = [(min(max(share, LEAST), MOST), rungs.index(rung)) for rung, share in shares[label].items()]
        shift = 0.5 * ((order + 0.5) / len(labels) - 0.5)
        lines += axes.plot(
            [share for share, _ in own],
            [line + shift for _, line in own],
            linestyle="none",
            marker=style.marker,
            markersize=5,
            color=style.colour,
            markerfacecolor=theme.background if order % 2 else style.colour,
            gid="rungs",
        )
    axes.axvline(1, color=theme.ink, linewidth=1.4)
    axes.set_yticks(range(len(rungs)), [escape.figure(rung) for rung in rungs])
    axes.set_ylim(len(rungs) - 0.5, -0.5)
    axes.set_xlim(LEAST / 1.3, max(3.0, 1.5 * max((v for own in shares.values() for v in own.values()), default=1.0)))
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.4g}"))
    axes.set_xlabel("farthest comparison over what it may be, log scale; beyond the line at 1 the rung fails")
    legend_below(figure, lines, [escape.figure(label) for label in labels])
    return figure
