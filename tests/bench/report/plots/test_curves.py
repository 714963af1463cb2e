"""Curves are the runs' figures, with titles and legends that say so."""

from __future__ import annotations

import numpy as np
import pytest

from bench.report.plots.curves import curves_figure
from bench.report.plots.style import LIGHT
from made_up_figures import BOTH, lines, run_of


@pytest.mark.parametrize("epochs", [1, 2, 10, 100])
def test_curves_are_the_runs_figures(epochs: int) -> None:
    runs = [run_of(epochs), run_of(epochs, "flax:jit", 0.45), run_of(epochs, "reference:float32", 0.44)]
    losses, accuracies = curves_figure(runs, LIGHT).axes
    for run, loss, accuracy in zip(runs, lines(losses), lines(accuracies), strict=True):
        assert list(loss.get_xdata()) == list(accuracy.get_xdata()) == list(range(1, epochs + 1))
        assert list(loss.get_ydata()) == run.losses
        assert list(accuracy.get_ydata()) == [100 * a for a in run.accuracy_per_epoch]
        # A single epoch has no line, a hundred markers would be one.
        assert (loss.get_marker() != "None") == (accuracy.get_marker() != "None") == (epochs <= 20)
    ticks = [int(tick) for tick in accuracies.get_xticks()]
    assert ticks[0] == 1
    assert ticks[-1] == epochs
    low, high = accuracies.get_ylim()
    assert high - low > 7.9  # a tenth of a percent must not look like a gulf


def test_an_unfinished_run_is_a_shorter_line() -> None:
    figure = curves_figure([run_of(10), run_of(4, "flax:jit", 0.4)], LIGHT)
    assert len(figure.axes) == 2
    for axes in figure.axes:
        assert [len(line.get_xdata()) for line in lines(axes)] == [10, 4]
        assert [int(tick) for tick in axes.get_xticks()] == list(range(1, 11))


def test_titles_and_legends_say_what_is_drawn() -> None:
    figure = curves_figure(BOTH, LIGHT)
    assert figure.get_suptitle() == "LeNet on CIFAR-10: recipe lecture on Abacus, 2 cores, seed 0"
    [legend] = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["pytorch:eager", "flax:jit"]
    synthetic = [run_of(2, recipe="lecture[:2]", precision="bf16", data_fingerprint="synthetic-x")]
    text = " ".join(curves_figure(synthetic, LIGHT).get_suptitle().split())
    assert text == "LeNet on made-up images: recipe lecture[:2] on Abacus, 2 cores, bf16, seed 0"


def test_losses_on_the_test_images_are_drawn_thin_beside_those_of_training() -> None:
    run = run_of(10, test_losses=[2.0 + 0.1 * k for k in range(10)], moved=[1] * 10)
    losses = curves_figure([run], LIGHT).axes[0]
    training, tested = lines(losses)
    np.testing.assert_allclose(training.get_ydata(), run.losses)
    np.testing.assert_allclose(tested.get_ydata(), run.test_losses)
    assert tested.get_linewidth() < training.get_linewidth()
    assert "thin" in losses.get_title(loc="left")
