"""How far a curve is set back, and over how many epochs its mean no longer is."""

from __future__ import annotations

from bench.lecture.monotony import setbacks, smoothing_window


def test_setbacks_and_the_window_that_smooths_them() -> None:
    assert setbacks([1, 2, 2, 3]) == []
    assert setbacks([1, 3, 2, 4]) == [1.0]
    assert smoothing_window([[1, 2, 3, 4]]) == 1
    assert smoothing_window([[1, 3, 2, 4, 3, 5]]) == 2
    assert smoothing_window([[1, 2, 3, 4, 5, 6], [1, 3, 2, 4, 3, 5]]) == 2
    assert smoothing_window([[4, 3, 2, 1]]) is None
