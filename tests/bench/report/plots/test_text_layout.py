"""In every figure all text is inside, and nothing covers anything else."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from made_up_figures import FIGURES, box_of, laid_out, lines, shown_texts


@pytest.mark.slow
@pytest.mark.parametrize("name", FIGURES)
def test_no_text_leaves_the_figure_or_covers_another(name: str) -> None:
    figure = laid_out(name)
    width, height = figure.bbox.width, figure.bbox.height
    boxes = [(text.get_text(), box_of(text)) for text in shown_texts(figure)]
    assert len(boxes) > 8
    for text, box in boxes:
        assert box.x0 >= 0, text
        assert box.x1 <= width, text
        assert box.y0 >= 0, text
        assert box.y1 <= height, text
    for (text, box), (other, its) in itertools.combinations(boxes, 2):
        apart = box.x1 <= its.x0 or its.x1 <= box.x0 or box.y1 <= its.y0 or its.y1 <= box.y0
        assert apart, f"{text!r} and {other!r}"


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in FIGURES if "conv" not in name])
def test_a_long_legend_takes_nothing_from_the_curves(name: str) -> None:
    figure = laid_out(name)
    assert figure.axes
    for axes in figure.axes:
        assert axes.get_window_extent().height > 2.3 * figure.dpi


@pytest.mark.parametrize("name", [name for name in FIGURES if "conv" not in name])
def test_no_mark_of_the_lecture_is_cut_off(name: str) -> None:
    there = {mark.get_gid() for axes in laid_out(name).axes for mark in axes.lines}
    assert "lecture-first" in there or name == "schedules"  # whose only mark is that of a hundred epochs
    for axes in laid_out(name).axes:
        for mark in axes.lines:
            if mark.get_gid() in ("lecture-first", "lecture-last"):
                box, its = mark.get_window_extent(), axes.get_window_extent()
                assert its.y0 - 1 <= box.y0
                assert box.y1 <= its.y1 + 1


@pytest.mark.parametrize("name", [name for name in FIGURES if "conv" not in name])
def test_no_text_covers_a_curve(name: str) -> None:
    assert any(axes.texts for axes in laid_out(name).axes)
    for axes in laid_out(name).axes:
        assert lines(axes)
        for line in lines(axes):
            data = line.get_transform().transform(line.get_xydata())
            along = np.linspace(0, len(data) - 1, 50 * len(data))
            points = np.stack([np.interp(along, range(len(data)), data[:, i]) for i in (0, 1)], axis=1)
            for text in axes.texts:
                box = box_of(text)
                inside = (points > (box.x0, box.y0)).all(axis=1) & (points < (box.x1, box.y1)).all(axis=1)
                assert not inside.any(), text.get_text()
