"""How every figure looks: two themes, the same hue for the same framework in both, and the files of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.base import files

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 200
"""Dots per inch of the PNGs, about twice what a page shows."""


@dataclass(frozen=True)
class Theme:
    """The colours of a figure, as ``#rrggbb``; lines have Okabe and Ito's hues, apart to colour-blind eyes too.

    Attributes:
        name: "light" or "dark".
        background: what is drawn on.
        ink: text, axes and the lecture's figures.
        faint: grid and frames.
        pytorch: PyTorch's hue, in every figure.
        flax: Flax's hue, in every figure.
        others: of other backends, and of lines that do not stand for a framework.
        weights: evenly spaced colours of signed values: the least (blue), over zero (neutral), the greatest (red).
    """

    name: str
    background: str
    ink: str
    faint: str
    pytorch: str
    flax: str
    others: tuple[str, ...]
    weights: tuple[str, ...]

    @property
    def rc(self) -> dict[Any, Any]:
        """What matplotlib is told."""
        return {
            "figure.facecolor": self.background,
            "axes.facecolor": self.background,
            "text.color": self.ink,
            "axes.edgecolor": self.ink,
            "axes.labelcolor": self.ink,
            "axes.titlecolor": self.ink,
            "xtick.color": self.ink,
            "ytick.color": self.ink,
            "axes.linewidth": 0.8,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.grid.axis": "y",
            "axes.axisbelow": True,
            "grid.color": self.faint,
            "grid.linewidth": 0.8,
            "ytick.left": False,  # the grid's lines are enough
            "font.size": 10,
            "axes.titlesize": 10.5,
            "figure.titlesize": 12,
            "figure.titleweight": "bold",
            "figure.constrained_layout.w_pad": 0.12,  # inches
            "figure.constrained_layout.h_pad": 0.09,
            "legend.frameon": False,
            "svg.fonttype": "path",
            "text.parse_math": False,  # a name or message with dollar signs is no formula
            "svg.hashsalt": "lenet-parity",
        }


LIGHT = Theme(
    "light",
    background="#ffffff",
    ink="#1f2328",
    faint="#d8dee4",
    pytorch="#D55E00",
    flax="#0072B2",
    # Okabe and Ito's purple and orange, darker: on white, and beside the green to colour-blind eyes.
    others=("#009E73", "#7F3472", "#B87A00", "#000000"),
    # Brewer's RdBu, from its end.
    weights=(
        *("#053061", "#2166ac", "#4393c3", "#92c5de", "#d1e5f0"),
        "#f7f7f7",
        *("#fddbc7", "#f4a582", "#d6604d", "#b2182b", "#67001f"),
    ),
)
DARK = Theme(
    "dark",
    background="#0d1117",
    ink="#e6edf3",
    faint="#30363d",
    pytorch="#D55E00",
    flax="#56B4E9",  # the blue of the light theme, lighter
    others=("#009E73", "#E3A1C6", "#F0E442", "#FFFFFF"),
    # The same two hues, brighter the farther from zero.
    weights=(
        *("#c4e1ff", "#79bcff", "#4a90d9", "#2f639c", "#263d5a"),
        "#23272e",
        *("#563029", "#93493a", "#cf634b", "#ff9075", "#ffd3c6"),
    ),
)


def save(draw: Callable[[Theme], Figure], path: Path) -> list[Path]:
    """Draw in each theme and write the files, each whole; the same figure gives the same bytes.

    Args:
        draw: the figure in a theme; matplotlib has been told of the theme when it is called.
        path: of the files, without their suffixes.

    Returns:
        ``<path>.svg``, ``<path>.png``, ``<path>-dark.svg`` and ``<path>-dark.png``.
    """
    import matplotlib

    written = []
    for theme, suffix in ((LIGHT, ""), (DARK, "-dark")):
        with matplotlib.rc_context():
            matplotlib.rcdefaults()  # whatever the user's matplotlibrc says
            matplotlib.rcParams.update(theme.rc)
            figure = draw(theme)
            for kind, content in (("svg", _svg(figure)), ("png", _png(figure))):
                # Not with_suffix: the name may be of a recipe, which has a point in it.
                written.append(path.with_name(f"{path.name}{suffix}.{kind}"))
                files.write(written[-1], content)
    return written


def _svg(figure: Figure) -> bytes:
    content = BytesIO()
    figure.savefig(content, format="svg", metadata={"Date": None, "Creator": None})
    return content.getvalue()


def _png(figure: Figure) -> bytes:
    """Without transparency, which would be a quarter of the file."""
    from PIL import Image

    drawn, content = BytesIO(), BytesIO()
    figure.savefig(drawn, format="png", dpi=DPI)
    with Image.open(drawn) as image:
        image.convert("RGB").save(content, format="png", optimize=True)
    return content.getvalue()
