"""Which learning rate fits what the lecture shows."""

from __future__ import annotations

from bench.lecture.rates import rates
from bench.training.run import TrainingRun
from impls.spec import lecture
from made_up_evidence import evidence, run


def test_the_rate_that_fits() -> None:
    def runs(rate: float, first: float, last: float) -> list[TrainingRun]:
        recipe = lecture(learning_rate=rate)
        return [run([first + s / 1e3] * 9 + [last + s / 1e3], s, recipe=recipe) for s in range(3)]

    found = rates(evidence(*runs(1e-4, 0.279, 0.46), *runs(1e-3, 0.427, 0.595)))
    assert [(rate.learning_rate, rate.fits) for rate in found] == [(1e-4, True), (1e-3, False)]
    assert [rate.fits for rate in rates(evidence(*runs(1e-4, 0.279, 0.30)))] == [False]
    assert [rate.fits for rate in rates(evidence(*runs(1e-4, 0.279, 0.46)[:1]))] == [None]
