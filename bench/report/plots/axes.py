"""Axes that figures share: epochs along, percent up, and what stands in titles and legends."""

from __future__ import annotations

import itertools
import math
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bench.report import escape
from bench.training.run import TrainingRun

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D


def epoch_ticks(epochs: int) -> list[int]:
    """Whole epochs, from the first on: each of a dozen, else the first and round ones."""
    if epochs <= 12:
        return list(range(1, epochs + 1))
    steps = (first * 10**power for power in itertools.count() for first in (5, 10, 20))
    most = 10 if epochs < 1000 else 5  # their labels are longer
    step = next(step for step in steps if epochs / step <= most)
    return [1, *range(step, epochs + 1, step)]


def epoch_axis(axes: Axes, epochs: int) -> None:
    """Epochs 1 to ``epochs`` along the axis below, with a little room on either side."""
    room = max(0.5, 0.03 * (epochs - 1))
    axes.set_xlim(1 - room, epochs + room)
    axes.set_xticks(epoch_ticks(epochs))
    axes.set_xlabel("epoch")


def value_axis(axes: Axes, least: float) -> None:
    """Values up the axis, over no less than ``least``: what differs by a hair is not to look far apart."""
    from matplotlib.ticker import MaxNLocator

    low, high = axes.get_ylim()
    if (lacking := least - (high - low)) > 0:
        axes.set_ylim(low - lacking / 2, high + lacking / 2)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))


def percent_axis(axes: Axes) -> None:
    """As `value_axis`, of values that are in percent already; ticks are whole."""
    from matplotlib.ticker import PercentFormatter

    value_axis(axes, least=8)
    axes.yaxis.set_major_formatter(PercentFormatter(decimals=0, symbol=" %"))


def run_labels(runs: Sequence[TrainingRun]) -> list[str]:
    """What a legend calls each run: its title, and in what it differs from others of that title."""
    found = []
    for run in runs:
        others = [other for other in runs if other.title == run.title]
        parts = [run.title]
        for name, form in (("seed", "seed {}"), ("recipe", "{}"), ("precision", "{}"), ("device_name", "{}")):
            if len({getattr(other, name) for other in others}) > 1:
                parts.append(form.format(getattr(run, name)))
        found.append(escape.figure(", ".join(parts)))
    return found


def headline(figure: Figure, text: str) -> None:
    """The figure's title, in as many lines as it takes."""
    width = figure.get_size_inches()[0]
    figure.suptitle(textwrap.fill(escape.figure(text), int(10 * width)), x=0.12 / width, ha="left")


def legend_below(figure: Figure, lines: Sequence[Line2D], labels: Sequence[str]) -> None:
    """A legend under the axes, in as many columns as there is room for; the figure grows by what it takes."""
    width, height = figure.get_size_inches()
    columns = max(1, min(len(labels), int(width / (1.1 + 0.077 * max(map(len, labels))))))
    figure.set_size_inches(width, height + 0.2 * math.ceil(len(labels) / columns))
    figure.legend(lines, labels, loc="outside lower center", ncols=columns, handlelength=4)


def network(runs: Sequence[TrainingRun]) -> str:
    """What was trained, e.g. "LeNet on CIFAR-10"."""
    return f"LeNet on {_several('made-up images' if run.made_up else 'CIFAR-10' for run in runs)}"


def circumstances(runs: Sequence[TrainingRun]) -> str:
    """Where and with which seeds runs were trained, e.g. "AMD EPYC, 2 cores, seed 0"."""
    parts = [_several(run.device_name for run in runs)]
    if any(run.precision != "fp32" for run in runs):
        parts.append(_several(run.precision for run in runs))
    seeds = sorted({run.seed for run in runs})
    if len(seeds) > 2 and seeds[-1] - seeds[0] == len(seeds) - 1:
        parts.append(f"seeds {seeds[0]}–{seeds[-1]}")
    else:
        parts.append(("seed " if len(seeds) == 1 else "seeds ") + ", ".join(map(str, seeds)))
    return ", ".join(parts)


def recipes(runs: Sequence[TrainingRun]) -> str:
    """E.g. "recipe lecture"."""
    names = _several(run.recipe for run in runs)
    return f"recipe{'s' if ' and ' in names else ''} {names}"


def _several(values: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(values))
