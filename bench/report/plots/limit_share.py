"""How much of the device's limit each variant reached (the roofline model)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bench.report import escape
from bench.report.plots.line_styles import framework_styles
from bench.report.plots.style import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def limit_figure(shares: Mapping[str, float], theme: Theme) -> Figure:
    """The figure: a bar per variant, in percent of the limit.

    Args:
        shares: by label, the floor of an epoch over its median, fractions; at least one.
        theme: to draw in.
    """
    from matplotlib.figure import Figure

    labels = list(shares)
    figure = Figure(figsize=(8.6, 0.9 + 0.34 * len(labels)), layout="constrained")
    axes = figure.subplots()
    for line, (label, style) in enumerate(zip(labels, framework_styles(labels, theme), strict=True)):
        share = 100 * shares[label]
        axes.barh(line, share, height=0.62, color=style.colour, gid="bars")
        axes.annotate(f"{share:.1f} %", (share, line), (4, 0), textcoords="offset points", va="center")
    axes.set_yticks(range(len(labels)), [escape.figure(label) for label in labels])
    axes.invert_yaxis()
    axes.set_xlim(0, max(110.0, *(115 * share for share in shares.values())))
    axes.axvline(100, color=theme.ink, linewidth=1.4)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("percent of the limit: what an epoch would take at the device's measured rates, over what it took")
    return figure
