"""The claim that halving the learning rate helps."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bench.lecture.claims.finding import NOT_MEASURED, NOT_REPRODUCED, REPRODUCED, UNDECIDED
from bench.lecture.claims.halving import LONG
from bench.training.run import TrainingRun
from impls.spec import HUNDRED_HALVING, lecture
from made_up_evidence import evidence, finding, run


def halved(gains: Sequence[float], rate: float = 1e-4) -> list[TrainingRun]:
    """Pairs of runs without and with halving, that differ by so many points."""
    before = [run([0.5 + 0.01 * s], s, recipe=lecture(100, learning_rate=rate)) for s in range(len(gains))]
    after = lecture(100, halving=True, learning_rate=rate)
    return before + [run([0.5 + 0.01 * s + gain / 100], s, recipe=after) for s, gain in enumerate(gains)]


@pytest.mark.parametrize(
    ("gains", "verdict"),
    [
        ([1.0, 1.1, 0.9], REPRODUCED),
        ([-1.0, -1.1, -0.9], NOT_REPRODUCED),
        ([1.0, -1.0, 0.5], UNDECIDED),
        ([1.0], UNDECIDED),  # one pair shows no spread
        ([0.1, 0.1], UNDECIDED),  # two that are equal by chance show none either
    ],
)
def test_halving_helps_where_its_gain_is_beyond_the_interval(gains: list[float], verdict: str) -> None:
    assert finding(evidence(*halved(gains)), "halving the learning rate").verdict == verdict


def test_the_gain_of_halving_is_paired_by_seed_and_shown_for_the_usual_rate_too() -> None:
    found = finding(evidence(*halved([-1.0, -1.2]), *halved([2.0, 2.2], 1e-3)), "halving the learning rate")
    assert found.measured["pytorch"].startswith("-1.10 points (")
    assert "begun at 1e-3 instead: PyTorch +2.10 points (" in found.remark
    lone = evidence(*halved([-1.0])[:1], run([0.9], 5, recipe=HUNDRED_HALVING))
    assert finding(lone, "halving the learning rate").verdict == NOT_MEASURED


def test_from_which_epoch_on_no_parameter_changes_is_said() -> None:
    curve = [0.5] * 200
    long = [
        run(curve, seed, recipe=LONG, moved=[9] * still + [0] * (200 - still), test_losses=[1.0] * 200)
        for seed, still in enumerate((158, 160))
    ]
    found = finding(evidence(*halved([1.0, 1.1]), *long), "halving the learning rate")
    assert found.remark.startswith("from epochs 159 to 161 on no parameter changes")
    moving = run(curve, recipe=LONG, moved=[9] * 200, test_losses=[1.0] * 200)
    assert finding(evidence(*halved([1.0, 1.1]), moving), "halving the learning rate").remark == ""
