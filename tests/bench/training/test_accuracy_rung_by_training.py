"""The rung of accuracy catches a backend that stops training after the first epoch, which no rung below it can see."""

from __future__ import annotations

import pytest

import defects
import fakes
from bench.base.settings import BASELINE
from bench.parity.ladder import check
from bench.parity.oracle import Expected
from bench.training import accuracy_rung
from bench.training.paired import Comparison, PairedAccuracy, Series
from impls.contract import Backend
from impls.spec import epoch_order, initial_params
from ladder import Splits


@pytest.mark.slow
def test_what_only_whole_training_shows_is_caught_by_its_accuracy(answers: Expected, made_up: Splits) -> None:
    """Every rung below passes, for none goes beyond the first epoch; paired accuracies then tell."""
    train, test = made_up
    report = check(defects.StopsTraining(), answers, train, test)
    assert report.verdict == "equivalent", report.sentence

    def accuracy(backend: Backend, seed: int) -> float:
        backend.load_params(initial_params(seed))
        for epoch in range(5):
            backend.train_epoch(train, epoch_order(seed, epoch, len(train), 100), 3e-3)
        return float((backend.predict(test) == test.labels).mean())

    differences = {seed: accuracy(defects.StopsTraining(), seed) - accuracy(fakes.Sound(), seed) for seed in range(3)}
    found = PairedAccuracy(Series(BASELINE, {}), Series("twin", {}), [Series("stops", {})])
    found.__dict__["comparisons"] = [Comparison("stops", differences)]
    rung = accuracy_rung.rung(found, "stops", 1.0)
    assert rung.status == "failed", rung.detail
    assert "after the first epoch" in rung.advice[0]
