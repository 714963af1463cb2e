"""The lecture's figures are marked where a run can be compared with them, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from bench.report.plots.curves import curves_figure
from bench.report.plots.style import LIGHT
from impls.spec import RECIPES
from made_up_figures import marks, run_of, words


def test_the_lecture_is_marked_where_a_run_begins_as_it_does() -> None:
    for recipe, run_epochs in (("lecture", 10), ("lecture-100", 100), ("lecture-100-halving", 100)):
        losses, accuracies = curves_figure([run_of(run_epochs, recipe=recipe)], LIGHT).axes
        found = marks(accuracies)
        assert found["lecture-first"] == (pytest.approx(28),)
        assert found["lecture-last"] == (pytest.approx(45),)
        positions = {m.get_gid(): list(m.get_xdata()) for m in accuracies.lines if m.get_gid() in found}
        assert positions["lecture-first"] == [1]
        assert positions["lecture-last"] == [10]
        assert {"lecture: 28 %", "lecture: 45 % or more"} <= set(words(accuracies))
        assert not marks(losses)


@pytest.mark.parametrize(
    "fields",
    [
        {"recipe": "lecture-lr-0.001"},
        {"recipe": "lecture-flax-initial"},
        {"recipe": "lecture-lr-0.001-flax-initial"},
        {"recipe": "lecture-lr-0.001[:10]"},
        {"recipe": "somebody's own"},
        {"data_fingerprint": "synthetic-x"},
    ],
)
def test_the_lecture_is_not_marked_on_what_begins_otherwise(fields: dict[str, Any]) -> None:
    accuracies = curves_figure([run_of(10, **fields)], LIGHT).axes[1]
    assert marks(accuracies) == {}
    assert words(accuracies) == []
    # One that does is reason enough, though.
    assert marks(curves_figure([run_of(10, **fields), run_of(1)], LIGHT).axes[1]).keys() == {"lecture-first"}


def test_the_recipes_that_the_marks_are_tried_on_exist() -> None:
    assert {"lecture-100-halving", "lecture-lr-0.001", "lecture-flax-initial", "lecture-lr-0.001-flax-initial"} <= set(
        RECIPES
    )


def test_an_epoch_that_no_run_has_is_not_marked() -> None:
    assert marks(curves_figure([run_of(9, recipe="lecture[:9]")], LIGHT).axes[1]).keys() == {"lecture-first"}
    assert marks(curves_figure([run_of(1)], LIGHT).axes[1]).keys() == {"lecture-first"}
    assert "lecture-last" in marks(curves_figure([run_of(4), run_of(10)], LIGHT).axes[1])


@pytest.mark.parametrize(("epochs", "top"), [(99, 0.6), (100, 0.6), (100, 0.9)])
def test_eighty_percent_is_a_line_over_a_hundred_epochs(epochs: int, top: float) -> None:
    axes = curves_figure([run_of(epochs, top=top, recipe="lecture-100")], LIGHT).axes[1]
    assert ("lecture-hundred" in marks(axes)) == ("lecture: 80 % after 100 epochs" in words(axes)) == (epochs == 100)
    if epochs == 100:
        assert marks(axes)["lecture-hundred"] == (pytest.approx(80),) * 2
        low, high = axes.get_ylim()
        assert low < 28
        assert high > max(80, 100 * top)
