"""The claims that the loss falls, that the accuracy rises, and that it saturates."""

from __future__ import annotations

import numpy as np
import pytest

from bench.lecture.claims.finding import DEPENDS, NOT_REPRODUCED, REPRODUCED, UNDECIDED
from impls.spec import HUNDRED_HALVING
from made_up_evidence import RISING, Curve, evidence, finding, run


@pytest.mark.parametrize(
    ("curve", "verdict", "remark"),
    [
        (RISING, UNDECIDED, ""),
        (
            [0.28, 0.31, 0.30, 0.37],
            NOT_REPRODUCED,
            "set back by up to 1.00 points; the mean of 2 epochs in a row rises",
        ),
        ([0.28, 0.27, 0.26, 0.25], NOT_REPRODUCED, "set back by up to 1.00 points; no running mean does better"),
    ],
)
def test_monotonic_accuracy(curve: Curve, verdict: str, remark: str) -> None:
    found = finding(evidence(run(curve)), "accuracy rises")
    assert found.verdict == verdict
    assert remark in found.remark
    assert bool(remark) == bool(found.remark)


def test_accuracy_that_rises_in_every_run_is_reproduced() -> None:
    assert finding(evidence(*(run(RISING, seed) for seed in range(5))), "accuracy rises").verdict == REPRODUCED


def test_monotonic_loss() -> None:
    assert finding(evidence(*(run(RISING, seed) for seed in range(5))), "the loss falls").verdict == REPRODUCED
    assert finding(evidence(*(run(RISING, seed) for seed in range(4))), "the loss falls").verdict == UNDECIDED
    found = finding(evidence(run([0.2] * 3, losses=[2.0, 1.5, 1.75])), "the loss falls")
    assert found.verdict == NOT_REPRODUCED
    assert "set back by up to 0.2500" in found.remark
    some = evidence(run(RISING), run([0.2] * 3, 1, losses=[2.0, 1.5, 1.75]))
    assert finding(some, "the loss falls").verdict == DEPENDS
    assert finding(some, "the loss falls").measured == {"pytorch": "in 1 of 2 runs; 0.5 setbacks each"}


def test_saturation() -> None:
    curve = [*np.linspace(0.3, 0.5, 30), *np.full(20, 0.5)]
    found = finding(evidence(*(run(curve, seed, recipe=HUNDRED_HALVING) for seed in range(5))), "saturation")
    assert found.verdict == REPRODUCED
    assert found.remark == "over the last 20 epochs it stays within 0.00 points"
    curve[45] = 0.498
    found = finding(evidence(run(curve, recipe=HUNDRED_HALVING)), "saturation")
    assert found.verdict == NOT_REPRODUCED
    assert found.remark.startswith("set back by up to 0.20 points; ")
    assert found.remark.endswith("within 0.20 points")
