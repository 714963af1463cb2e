"""A schedule is drawn as the mean of its runs with a band around it."""

from __future__ import annotations

import numpy as np
import pytest

from bench.lecture.facts import HUNDRED_EPOCHS_ACCURACY
from bench.report.plots.schedules import schedules_figure
from bench.report.plots.style import LIGHT
from made_up_figures import SERIES, hundred, lines, marks, run_of


def test_a_schedule_is_the_mean_of_its_runs_and_a_band_around_it() -> None:
    [axes] = schedules_figure(SERIES, LIGHT).axes
    table = 100 * np.array([run.accuracy_per_epoch for run in SERIES["constant 1e-4"]])
    mean, alone = lines(axes)
    np.testing.assert_allclose(mean.get_ydata(), table.mean(axis=0))
    np.testing.assert_allclose(alone.get_ydata(), 100 * np.array(SERIES[alone.get_label()][0].accuracy_per_epoch))
    [band] = axes.collections  # where there is one run there is none
    [path] = band.get_paths()
    corners = np.asarray(path.vertices)
    for epoch in (1, 50, 100):
        there = corners[corners[:, 0] == epoch, 1]
        assert there.min() == pytest.approx(table[:, epoch - 1].min())
        assert there.max() == pytest.approx(table[:, epoch - 1].max())
    assert marks(axes) == {"lecture-hundred": (pytest.approx(100 * HUNDRED_EPOCHS_ACCURACY),) * 2}
    assert axes.get_ylim()[1] > 80


def test_the_legend_of_schedules_is_the_mappings_keys() -> None:
    figure = schedules_figure(SERIES, LIGHT)
    [legend] = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == list(SERIES)
    assert "bands" in figure.axes[0].get_title(loc="left")
    single = schedules_figure({"constant": [hundred()]}, LIGHT)
    assert single.axes[0].get_title(loc="left") == "pytorch:eager on Abacus, 2 cores, seed 0"


def test_a_mean_ends_where_the_shortest_of_its_runs_does() -> None:
    runs = [hundred(seed=0), run_of(30, recipe="lecture-100", seed=1)]
    [line] = lines(schedules_figure({"constant": runs}, LIGHT).axes[0])
    assert list(line.get_xdata()) == list(range(1, 31))
    expected = 50 * (np.array(runs[0].accuracy_per_epoch[:30]) + np.array(runs[1].accuracy_per_epoch))
    np.testing.assert_allclose(line.get_ydata(), expected)
