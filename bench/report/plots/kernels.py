"""What training made of the convolutions' kernels: before, after, and the difference, as images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.report.plots.contact_sheet import Block, contact_sheet
from bench.report.plots.style import Theme, save
from impls.spec import Params

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Trained:
    """Parameters on either side of a training run.

    Attributes:
        label: ``backend:variant``.
        epochs: of training in between.
        before: canonical initial parameters.
        after: canonical parameters that training ended with.
    """

    label: str
    epochs: int
    before: Params
    after: Params

    def rows(self, name: str) -> np.ndarray:
        """A parameter before, after, and the difference: (3, *its shape), float64."""
        before, after = (params[name].astype(np.float64) for params in (self.before, self.after))
        return np.stack([before, after, after - before])


def draw_conv1(trained: Sequence[Trained], path: Path) -> list[Path]:
    """Draw conv1's six kernels in colour, a block per framework.

    Args:
        trained: at least one.
        path: of the files, without suffix.

    Returns:
        The files, as `save` names them.
    """
    return save(partial(conv1_figure, trained), path)


def draw_conv2(trained: Sequence[Trained], path: Path) -> list[Path]:
    """Draw the first of conv2's kernels, an image per input channel, a block per framework.

    Args:
        trained: at least one.
        path: of the files, without suffix.

    Returns:
        The files, as `save` names them.
    """
    return save(partial(conv2_figure, trained), path)


def conv1_figure(trained: Sequence[Trained], theme: Theme) -> Figure:
    """The figure: red, green and blue of an image are 0.5 + w / (2 scale) of the weights for that input channel."""
    rows = [one.rows("conv1.weight") for one in trained]
    scale = common_scale(rows)
    # A rounding beyond 0 or 1 is no colour.
    images = [np.clip(0.5 + each / (2 * scale), 0, 1).transpose(0, 1, 3, 4, 2) for each in rows]
    return contact_sheet(
        _blocks(trained, images),
        theme,
        title="The six kernels of conv1, before and after training",
        columns=[f"kernel {i}" for i in range(1, 7)],
        caption=f"Weights from −{scale:.2g} (black) to +{scale:.2g} (full colour); mid-grey is 0; "
        "the same scale everywhere.",
    )


def conv2_figure(trained: Sequence[Trained], theme: Theme) -> Figure:
    """The figure: the weights themselves, mapped to colours from -scale to +scale."""
    rows = [one.rows("conv2.weight")[:, 0] for one in trained]
    return contact_sheet(
        _blocks(trained, rows),
        theme,
        title="The first of conv2's sixteen kernels, before and after training",
        columns=[f"input {i}" for i in range(1, 7)],
        caption="Weights; the same scale everywhere.",
        scale=common_scale(rows),
    )


def common_scale(rows: Sequence[np.ndarray]) -> float:
    """The greatest absolute value of all that is shown; 1 where all is zero."""
    return max(float(np.abs(each).max()) for each in rows) or 1.0


def _blocks(trained: Sequence[Trained], images: Sequence[np.ndarray]) -> list[Block]:
    return [Block(one.label, one.epochs, image) for one, image in zip(trained, images, strict=True)]
