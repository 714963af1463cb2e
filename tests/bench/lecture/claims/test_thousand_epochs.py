"""The claims of a thousand epochs: accuracy and loss apart, on training and test images apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.lecture.claims.finding import NOT_MEASURED, NOT_REPRODUCED, REPRODUCED, UNDECIDED
from bench.lecture.claims.thousand_epochs import THOUSAND
from bench.training.run import TrainingRun
from made_up_evidence import evidence, finding, run

ACCURACY, TRAINING, TEST = "a decent accuracy", "on the training images", "and on the test images"


def long(seed: int = 0, *, end: float = 0.65, test: bool = True, last: float = 2.5, **more: Any) -> TrainingRun:
    """A run that is best in epoch 200, whose training loss falls to 0.2 and whose test loss is lowest in epoch 150."""
    epochs = np.arange(1, 1001)
    curve = np.interp(epochs, [1, 100, 200, 1000], [0.3, 0.6, 0.7, end])
    losses = np.interp(epochs, [1, 10, 1000], [2.2, 1.5, 0.2])
    test_losses = np.interp(epochs, [1, 10, 150, 1000], [2.2, 1.4, 1.0, last])
    recorded = {"test_losses": test_losses.tolist(), "moved": [1] * 1000} if test else {}
    return run(curve.tolist(), seed, recipe=THOUSAND, losses=losses.tolist(), **recorded | more)


def test_five_runs_that_hold_are_a_verdict_and_fewer_are_not() -> None:
    for count, verdict in ((5, REPRODUCED), (3, UNDECIDED)):
        found = evidence(*(long(seed) for seed in range(count)))
        assert finding(found, ACCURACY).verdict == finding(found, TRAINING).verdict == verdict
        assert finding(found, TEST).verdict == NOT_REPRODUCED  # it rises again


def test_what_is_measured_is_said_and_where_it_was_best() -> None:
    found = evidence(long(), long(1))
    assert finding(found, ACCURACY).measured == {"pytorch": "60.0% after 100, 65.0% after 1,000 (2 runs)"}
    assert "PyTorch, seed 1: 70.0% after epoch 200" in finding(found, ACCURACY).remark
    assert finding(found, TRAINING).measured == {"pytorch": "1.500 after 10, 0.200 after 1,000 (2 runs)"}
    assert finding(found, TEST).measured == {"pytorch": "1.400 after 10, 2.500 after 1,000 (2 runs)"}
    assert "PyTorch, seed 0: 1.000 after epoch 150" in finding(found, TEST).remark


def test_an_accuracy_that_falls_below_that_of_a_hundred_refutes() -> None:
    assert finding(evidence(long(end=0.55), long(1, end=0.55)), ACCURACY).verdict == NOT_REPRODUCED


def test_runs_without_test_losses_say_nothing_of_them() -> None:
    found = evidence(long(test=False))
    assert finding(found, TEST).verdict == NOT_MEASURED
    assert finding(found, TRAINING).verdict == UNDECIDED
    assert finding(evidence(), ACCURACY).verdict == NOT_MEASURED
