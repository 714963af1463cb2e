"""Small images in rows and columns, a block of them per framework."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.report import escape
from bench.report.plots.line_styles import framework_styles
from bench.report.plots.style import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

# In inches. A side is a whole number of dots for each of an image's five pixels.
_SIDE = 0.55
_SIDE_ALONE = 0.75
_GAP = 0.07
_MARGIN = 0.2
_ROW_LABELS = 1.2
_BETWEEN_BLOCKS = 0.4
_TITLE = 0.55
_HEADS = 0.62
_BELOW_BLOCK = 0.2
_CAPTION = 0.42

_ROWS = 3
_COLUMNS = 6
_ABREAST = 2


@dataclass(frozen=True)
class Block:
    """What is shown of one framework.

    Attributes:
        label: ``backend:variant``.
        epochs: of training.
        images: (3, 6, 5, 5, 3) colours from 0 to 1, or (3, 6, 5, 5) values: rows before, after and difference.
    """

    label: str
    epochs: int
    images: np.ndarray


@dataclass(frozen=True)
class _Grid:
    """Where a block's images are, in inches, if they are ``side`` wide and high."""

    side: float

    @property
    def pitch(self) -> float:
        return self.side + _GAP

    @property
    def width(self) -> float:
        return _COLUMNS * self.pitch - _GAP

    @property
    def height(self) -> float:
        """With all that belongs to the block."""
        return _HEADS + _ROWS * self.pitch - _GAP + _BELOW_BLOCK

    def middle(self, i: int) -> float:
        """Of row or column ``i``, from the first one's edge."""
        return i * self.pitch + self.side / 2


def contact_sheet(
    blocks: Sequence[Block],
    theme: Theme,
    *,
    title: str,
    columns: Sequence[str],
    caption: str,
    scale: float | None = None,
) -> Figure:
    """The figure; all images are on its first axes, block by block and row by row.

    Args:
        blocks: at least one; two of them side by side.
        theme: to draw in.
        title: of the figure.
        columns: what stands above the six columns of every block.
        caption: what stands below all.
        scale: that values are mapped to colours from -scale to +scale, with a bar of these below; None for images
            that are colours already.
    """
    from matplotlib.figure import Figure

    grid = _Grid(_SIDE if len(blocks) > 1 else _SIDE_ALONE)
    width = 2 * _MARGIN + _ROW_LABELS + grid.width + (_BETWEEN_BLOCKS + grid.width if len(blocks) > 1 else 0)
    height = _TITLE + math.ceil(len(blocks) / _ABREAST) * grid.height + _CAPTION + (0.2 if scale else 0)
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.text(_MARGIN, 0.3, title, weight="bold", size=12, va="center")
    same = len({block.epochs for block in blocks}) == 1
    options = {"cmap": weights_map(theme), "vmin": -scale, "vmax": scale} if scale else {}
    styles = framework_styles([block.label for block in blocks], theme)
    for i, (block, style) in enumerate(zip(blocks, styles, strict=True)):
        left = _MARGIN + _ROW_LABELS + i % _ABREAST * (grid.width + _BETWEEN_BLOCKS)
        top = _TITLE + i // _ABREAST * grid.height
        head = escape.figure(block.label if same else f"{block.label}, {_epochs(block.epochs)}")
        axes.text(left, top + 0.1, head, size=10.5, va="center")
        axes.plot([left, left + grid.width], [top + 0.27] * 2, color=style.colour, linewidth=2.5)
        for column, text in enumerate(columns):
            axes.text(left + grid.middle(column), top + 0.45, text, size=8, ha="center", va="center")
        for row, column in np.ndindex(_ROWS, _COLUMNS):
            x, y = left + column * grid.pitch, top + _HEADS + row * grid.pitch
            _image(axes, block.images[row, column], (x, y, grid.side), theme, options)
        if i % _ABREAST == 0:
            after = f"after {_epochs(block.epochs)}" if same else "after training"
            for row, text in enumerate(("before", after, "difference")):
                axes.text(left - 0.12, top + _HEADS + grid.middle(row), text, size=9.5, ha="right", va="center")
    # All in inches, from the upper left corner; drawing an image would have moved the limits.
    axes.set(xlim=(0, width), ylim=(height, 0))
    _below(figure, caption, options)
    return figure


def _image(
    axes: Axes, image: np.ndarray, place: tuple[float, float, float], theme: Theme, options: dict[str, Any]
) -> None:
    """One image in a frame; ``place`` is its left and upper edge and its side."""
    from matplotlib.patches import Rectangle

    x, y, side = place
    # "none" leaves an SVG the five by five pixels and tells its reader not to blur them.
    axes.imshow(image, extent=(x, x + side, y + side, y), aspect="auto", interpolation="none", **options)
    axes.add_patch(Rectangle((x, y), side, side, fill=False, edgecolor=theme.faint, linewidth=0.8))


def weights_map(theme: Theme) -> Colormap:
    """From 0 to 1; of an odd number of colours, so that 0.5 is exactly the neutral one."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("weights", list(theme.weights), N=257)


def _below(figure: Figure, caption: str, options: dict[str, Any]) -> None:
    """The caption and, for values, a bar of their colours."""
    axes, (width, height) = figure.axes[0], figure.get_size_inches()
    left = _MARGIN + _ROW_LABELS
    if not options:
        room = int((width - left - _MARGIN) / 0.068)  # characters of this size
        axes.text(left, height - _CAPTION + 0.02, textwrap.fill(caption, room), size=9, va="top", linespacing=1.3)
        return
    bar_width, bar_height, bottom = 2.2, 0.14, 0.36
    bar = figure.add_axes((left / width, bottom / height, bar_width / width, bar_height / height))
    low, high = options["vmin"], options["vmax"]
    bar.imshow(
        np.linspace(low, high, 257)[None], extent=(low, high, 0, 1), aspect="auto", interpolation="none", **options
    )
    bar.grid(visible=False)
    bar.set_yticks([])
    bar.set_xticks([low, 0, high], [f"−{high:.2g}", "0", f"+{high:.2g}"], fontsize=9)
    for spine in bar.spines.values():
        spine.set_visible(False)
    axes.text(left + bar_width + 0.3, height - bottom - bar_height / 2, caption, size=9, va="center")


def _epochs(number: int) -> str:
    return f"{number} epoch{'' if number == 1 else 's'}"
