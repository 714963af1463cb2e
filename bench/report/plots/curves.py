"""Loss and accuracy over epochs, beside what the lecture shows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench.report.plots.axes import (
    circumstances,
    epoch_axis,
    headline,
    legend_below,
    network,
    percent_axis,
    recipes,
    run_labels,
    value_axis,
)
from bench.report.plots.lecture_marks import mark_first_ten, mark_hundred
from bench.report.plots.line_styles import framework_styles
from bench.report.plots.style import Theme, save
from bench.training.run import TrainingRun

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MARKERS_UP_TO = 20
"""Epochs; of more, the line alone is drawn."""


def draw_curves(runs: Sequence[TrainingRun], path: Path) -> list[Path]:
    """Draw mean training loss and test accuracy after every epoch, a line per run.

    Args:
        runs: at least one; one with fewer epochs than others is a shorter line.
        path: of the files, without suffix.

    Returns:
        The files, as `save` names them.
    """
    return save(partial(curves_figure, runs), path)


def curves_figure(runs: Sequence[TrainingRun], theme: Theme) -> Figure:
    """The figure: on its first axes the losses, on its second the accuracies in percent, lines in order of the runs."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.6, 4), layout="constrained")
    losses, accuracies = figure.subplots(1, 2)
    epochs = max(len(run.losses) for run in runs)
    styles = framework_styles([run.label for run in runs], theme)
    lines = []
    for run, style in zip(runs, styles, strict=True):
        options = style.options(theme, markers=epochs <= MARKERS_UP_TO)
        along = range(1, len(run.losses) + 1)
        losses.plot(along, run.losses, **options)
        if run.test_losses:
            losses.plot(along, run.test_losses, **options | {"linewidth": 1, "alpha": 0.6})
        lines += accuracies.plot(along, [100 * accuracy for accuracy in run.accuracy_per_epoch], **options)
    for axes in (losses, accuracies):
        epoch_axis(axes, epochs)
    tested = any(run.test_losses for run in runs)
    title = "Training loss; thin: loss on the test images" if tested else "Mean training loss of every epoch"
    losses.set_title(title, loc="left")
    accuracies.set_title("Accuracy on the test images after every epoch", loc="left")
    accuracies.margins(y=0.07)  # for the mark at the first epoch
    mark_first_ten(accuracies, runs, theme)
    value_axis(losses, least=0.2)
    percent_axis(accuracies)
    if epochs >= 100:
        mark_hundred(accuracies, theme)
    headline(figure, f"{network(runs)}: {recipes(runs)} on {circumstances(runs)}")
    legend_below(figure, lines, run_labels(runs))
    return figure
