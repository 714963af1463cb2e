"""Figures of made-up runs and weights, and what is read off them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from bench.report.plots.curves import curves_figure
from bench.report.plots.kernels import Trained, conv1_figure, conv2_figure
from bench.report.plots.schedules import schedules_figure
from bench.report.plots.style import DARK, LIGHT, Theme
from bench.training.run import TrainingRun
from impls.spec import initial_params
from made_up_runs import made

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def run_of(epochs: int, label: str = "pytorch:eager", top: float = 0.46, **fields: Any) -> TrainingRun:
    """A made-up run that saturates, as the lecture's does."""
    rise = 1 - np.exp(-np.arange(epochs) / (epochs / 3.5))
    losses, accuracies = 2.12 - 0.6 * rise, 0.285 + (top - 0.285) * rise
    return made(label, losses=losses.tolist(), accuracy_per_epoch=accuracies.tolist(), **fields)


def hundred(label: str = "pytorch:eager", top: float = 0.64, **fields: Any) -> TrainingRun:
    return run_of(100, label, top, **{"recipe": "lecture-100"} | fields)


def trained(label: str = "pytorch:eager", epochs: int = 10, by: float = 0.05, seed: int = 1) -> Trained:
    before, rng = initial_params(0), np.random.default_rng(seed)
    after = {name: p + rng.normal(0, by, p.shape).astype(np.float32) for name, p in before.items()}
    return Trained(label, epochs, before, after)


BOTH = [run_of(10), run_of(10, "flax:jit", 0.458)]


KERNELS = [trained(), trained("flax:jit", by=0.08, seed=2)]


SERIES = {
    "constant 1e-4": [hundred(top=top, seed=i) for i, top in enumerate((0.63, 0.64, 0.65))],
    "halved every 10 epochs, from 1e-4": [hundred(top=0.52, recipe="lecture-100-halving")],
}


FIGURES: dict[str, Callable[[Theme], Figure]] = {
    "1 epoch": lambda theme: curves_figure([run_of(1), run_of(1, "flax:jit", 0.3)], theme),
    "10 epochs": lambda theme: curves_figure(BOTH, theme),
    "12 epochs": lambda theme: curves_figure([run_of(12, recipe="lecture-100")], theme),
    "40 epochs": lambda theme: curves_figure([run_of(40, top=0.55, recipe="lecture-100")], theme),
    "100 epochs": lambda theme: curves_figure([hundred(), hundred("flax:jit", 0.639)], theme),
    "unfinished": lambda theme: curves_figure([run_of(10), run_of(4, "flax:jit", 0.4)], theme),
    "seeds": lambda theme: curves_figure(
        [run_of(10, b, 0.42 + s / 100, seed=s) for b in LABELS for s in (0, 1)], theme
    ),
    "long names": lambda theme: curves_figure(LONG_NAMES, theme),
    "worse than the lecture": lambda theme: curves_figure([hundred(top=0.48), hundred("flax:jit", 0.6)], theme),
    "at once": lambda theme: curves_figure([made(accuracy_per_epoch=[0.45] * 10, losses=[1.5] * 10)], theme),
    "schedules": lambda theme: schedules_figure(SERIES, theme),
    "conv1": lambda theme: conv1_figure(KERNELS, theme),
    "conv1 alone": lambda theme: conv1_figure(KERNELS[:1], theme),
    "conv1 of three": lambda theme: conv1_figure([*KERNELS, trained("mine:Class:fast", 1)], theme),
    "conv2": lambda theme: conv2_figure(KERNELS, theme),
    "conv2 alone": lambda theme: conv2_figure(KERNELS[:1], theme),
}


LABELS = ("pytorch:eager", "flax:jit", "a.module.far.down:OfAClassWithALongName:variant")


LONG_NAMES = [run_of(10, b, device_name="NVIDIA H100 80GB HBM3 in a machine of some renown, 16 cores") for b in LABELS]


@cache
def laid_out(name: str, theme: Theme = LIGHT) -> Figure:
    """One of `FIGURES` as `save` draws it, with everything in its place."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(theme.rc)
        figure = FIGURES[name](theme)
        FigureCanvasAgg(figure).draw()
    return figure


def lines(axes: Axes) -> list[Any]:
    """Those of the runs, without the lecture's marks."""
    return [line for line in axes.lines if line.get_gid() is None]


def marks(axes: Axes) -> dict[str, tuple[float, ...]]:
    """The lecture's, by name, and at which percentage."""
    return {str(m.get_gid()): tuple(m.get_ydata()) for m in axes.lines if m.get_gid()}


def words(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def shown_texts(figure: Figure) -> list[Text]:
    """All that can be read, but for ticks' labels beyond their axis."""
    from matplotlib.text import Text

    found: list[Any] = list(figure.texts)
    found += [text for legend in figure.legends for text in legend.get_texts()]
    for axes in figure.axes:
        found += [*(child for child in axes.get_children() if isinstance(child, Text)), axes.xaxis.label]
        if not axes.axison:
            continue
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            found += [t.label1 for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
    return [text for text in found if text and text.get_text()]


def box_of(text: Text) -> Any:
    """Of the words alone, without the thin line that an annotation may have."""
    from matplotlib.text import Text

    return Text.get_window_extent(text)
