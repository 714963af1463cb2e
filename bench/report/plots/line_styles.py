"""How lines are told apart: by hue, and without any colour by dashes, width and markers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.report.plots.style import Theme


@dataclass(frozen=True)
class LineStyle:
    """How a line is drawn; widths and sizes in points.

    Attributes:
        colour: as ``#rrggbb``.
        dashes: matplotlib's line style.
        marker: at every epoch, where there are few.
        wide: whether it is drawn first and wide, so that one which coincides with it leaves it to be seen.
    """

    colour: str
    dashes: str | tuple[float, tuple[float, ...]]
    marker: str
    wide: bool = False

    def options(self, theme: Theme, *, markers: bool) -> dict[str, Any]:
        """Of ``Axes.plot``."""
        found: dict[str, Any] = {"color": self.colour, "linestyle": self.dashes, "solid_capstyle": "round"}
        found |= {"linewidth": 3.0, "zorder": 2.1} if self.wide else {"linewidth": 1.6, "zorder": 2.2}
        if markers:
            found |= {"marker": self.marker, "markersize": 7.5 if self.wide else 4, "markeredgecolor": self.colour}
            found |= {"markerfacecolor": theme.background, "markeredgewidth": 1.6} if self.wide else {}
        return found


_DASHES: tuple[str | tuple[float, tuple[float, ...]], ...] = (
    "-",
    (0, (4, 1.6)),
    (0, (1.2, 1.2)),
    (0, (6, 1.5, 1.2, 1.5)),
    (0, (9, 2)),
)
_MARKERS = "os^DvPX<>p"


def framework_styles(labels: Sequence[str], theme: Theme) -> list[LineStyle]:
    """A style per label: a hue per backend, dashes and markers per line of it.

    Args:
        labels: beginning with the backend's name and a colon; the same label may come several times.
        theme: to draw in.
    """
    backends = [label.partition(":")[0] for label in labels]
    others = [name for name in dict.fromkeys(backends) if name not in ("pytorch", "flax")]
    hues = {name: theme.others[i % len(theme.others)] for i, name in enumerate(others)}
    hues |= {"pytorch": theme.pytorch, "flax": theme.flax}
    firsts = {name: 3 + i for i, name in enumerate(others)} | {"pytorch": 0, "flax": 1}
    found = []
    for i, name in enumerate(backends):
        # The first line of each backend has dashes and a marker of its own: told apart without any colour.
        style = firsts[name] + 2 * backends[:i].count(name)
        dashes, marker = _DASHES[style % len(_DASHES)], _MARKERS[style % len(_MARKERS)]
        found.append(LineStyle(hues[name], dashes, marker, wide=style == 0))
    return found


def series_styles(count: int, theme: Theme) -> list[LineStyle]:
    """Styles of lines that do not stand for a framework: another hue and other dashes for each."""
    return [
        LineStyle(theme.others[i % len(theme.others)], _DASHES[i % len(_DASHES)], _MARKERS[i % len(_MARKERS)])
        for i in range(count)
    ]
