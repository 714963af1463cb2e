"""The lecture's claims against made-up measurements: each verdict comes about, and its opposite does too."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from test_accuracy import made

from bench.lecture.claims import CLAIMS, audit
from bench.lecture.claims.finding import DEPENDS, NOT_MEASURED, NOT_REPRODUCED, REPRODUCED, Finding, of_all
from bench.lecture.evidence import Evidence
from bench.lecture.initialisation import gaps
from bench.lecture.monotony import setbacks, smoothing_window
from bench.lecture.prediction import prediction_interval
from bench.lecture.rates import rates
from bench.training_run import TrainingRun
from impls.recipe import HUNDRED, HUNDRED_HALVING, LECTURE, Recipe, lecture
from impls.spec import parameter_counts

Curve = Sequence[float]


LAYERS = ("conv1", "conv2", "fc1", "fc2", "fc3")


def run(
    curve: Curve, seed: int = 0, label: str = "pytorch:eager", recipe: Recipe = LECTURE, **more: Any
) -> TrainingRun:
    """A run with these accuracies, and losses that fall."""
    losses = [2.0 - 0.001 * epoch for epoch in range(len(curve))]
    seconds = [3.0] * len(curve)
    values: dict[str, Any] = {
        "recipe": recipe.name,
        "losses": losses,
        "accuracy_per_epoch": list(curve),
        "epoch_seconds": seconds,
        "eval_seconds": [0.5] * len(curve),
        "total_seconds": 3.5 * len(curve),
        "weight_change": {f"{layer}.weight": 0.5 for layer in LAYERS},
    }
    return made(label, seed, **values | more)


def evidence(*runs: TrainingRun, **more: Any) -> Evidence:
    found: dict[str, dict[str, list[TrainingRun]]] = {}
    for each in runs:
        found.setdefault(each.recipe, {}).setdefault(each.label, []).append(each)
    return Evidence("Abacus", found, **more)


def finding(of: Evidence, words: str) -> Finding:
    [found] = [each for each in audit(of) if words in each.claim]
    return found


RISING = [0.28, 0.31, 0.34, 0.37, 0.39, 0.41, 0.43, 0.44, 0.45, 0.46]


def shifted(by: float) -> list[float]:
    return [accuracy + by for accuracy in RISING]


def test_of_nothing_nothing_is_claimed() -> None:
    found = audit(Evidence("Abacus"))
    assert len(found) == len(CLAIMS) == 11
    assert {each.verdict for each in found} == {NOT_MEASURED}
    assert not any(each.remark for each in found)


@pytest.mark.parametrize(
    ("held", "verdict"),
    [([True, True], REPRODUCED), ([False], NOT_REPRODUCED), ([True, False], DEPENDS), ([], NOT_MEASURED)],
)
def test_a_claim_about_runs_holds_in_all_in_none_or_in_some(held: list[bool], verdict: str) -> None:
    assert of_all(held) == verdict


@pytest.mark.parametrize(
    ("change", "verdict", "text"),
    [
        ({}, REPRODUCED, "62,006 (+300 in conv1.weight)"),
        ({"fc1.bias": 121}, NOT_REPRODUCED, "62,007 (+300 in conv1.weight, +1 in fc1.bias)"),
        ({"conv1.weight": 150}, NOT_REPRODUCED, "61,706 ()"),
    ],
)
def test_colour(change: dict[str, int], verdict: str, text: str) -> None:
    found = finding(Evidence("x", parameters={"pytorch:eager": parameter_counts() | change}), "colour")
    assert (found.verdict, found.measured) == (verdict, {"pytorch": text})


def test_a_time_depends_unless_every_variant_agrees() -> None:
    found = finding(Evidence("x", epochs={"pytorch:eager": [3.0, 3.2, 9.9], "flax:jit": [4.9]}), "an epoch takes")
    assert found.verdict == REPRODUCED
    assert found.measured == {"pytorch": "eager 3.2 s", "flax": "jit 4.9 s"}
    found = finding(Evidence("x", epochs={"pytorch:eager": [4.0], "pytorch:tuned": [0.5], "flax:jit": [8.0]}), "an epo")
    assert found.verdict == DEPENDS
    assert found.measured["pytorch"] == "tuned 0.5 s, eager 4 s"
    assert "from 0.12 times as long as the lecture (pytorch:tuned) to 2 times (flax:jit)" in found.remark
    found = finding(Evidence("x", totals={"flax:jit": 37.0}), "ten epochs")
    assert (found.verdict, found.measured) == (REPRODUCED, {"flax": "jit 37 s"})


@pytest.mark.parametrize(
    ("firsts", "verdict"),
    [
        ([0.280, 0.281, 0.279], REPRODUCED),
        ([0.26, 0.30, 0.29], REPRODUCED),  # the mean is above, but one more run might well be there
        ([0.284, 0.2841, 0.2842], REPRODUCED),  # 28.4 % is called 28 %
        ([0.290, 0.291, 0.292], NOT_REPRODUCED),
        ([0.42, 0.43, 0.42], NOT_REPRODUCED),
        ([0.28], NOT_MEASURED),  # a single run has no spread to judge by
    ],
)
def test_the_first_epochs_accuracy_is_held_against_where_one_more_run_would_fall(
    firsts: list[float], verdict: str
) -> None:
    found = finding(evidence(*(run([first, 0.5], seed) for seed, first in enumerate(firsts))), "after the first epoch")
    assert found.verdict == verdict


def test_frameworks_that_disagree_make_it_depend() -> None:
    runs = [run([0.28 + seed / 1e4], seed) for seed in range(3)]
    runs += [run([0.42 + seed / 1e4], seed, "flax:jit") for seed in range(3)]
    assert finding(evidence(*runs), "after the first epoch").verdict == DEPENDS


def test_the_tenth_epochs_accuracy() -> None:
    both = [run(RISING), run(RISING, 0, "flax:jit")]
    assert finding(evidence(*both), "after the tenth").verdict == REPRODUCED
    assert finding(evidence(run(shifted(-0.02))), "after the tenth").verdict == NOT_REPRODUCED
    longer = [
        run([*RISING, 0.44, 0.46, 0.47], recipe=HUNDRED),
        run([*shifted(-0.02), 0.46, 0.47, 0.48], 1, recipe=HUNDRED),
    ]
    found = finding(evidence(*both, run(shifted(-0.02), 1), *longer), "after the tenth")
    assert found.verdict == DEPENDS
    assert "; 1 of 2 reach it" in found.measured["pytorch"]
    assert found.remark == "on the run; all of 2 longer runs stay above it from epoch 12 on"
    never = [run([0.3, 0.4], recipe=HUNDRED)]
    assert finding(evidence(*both, run(shifted(-0.02), 1), *never), "after the tenth").remark == "on the run"


@pytest.mark.parametrize(
    ("curve", "verdict", "remark"),
    [
        (RISING, REPRODUCED, ""),
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


def test_monotonic_loss() -> None:
    assert finding(evidence(run(RISING)), "the loss falls").verdict == REPRODUCED
    found = finding(evidence(run([0.2] * 3, losses=[2.0, 1.5, 1.75])), "the loss falls")
    assert found.verdict == NOT_REPRODUCED
    assert "set back by up to 0.2500" in found.remark
    some = evidence(run(RISING), run([0.2] * 3, 1, losses=[2.0, 1.5, 1.75]))
    assert finding(some, "the loss falls").verdict == DEPENDS
    assert finding(some, "the loss falls").measured == {"pytorch": "in 1 of 2 runs; 0.5 setbacks each"}


def test_a_hundred_epochs() -> None:
    low, high = run([0.5, 0.66, 0.64], recipe=HUNDRED), run([0.5, 0.79, 0.82], recipe=HUNDRED)
    assert finding(evidence(high), "hundred epochs bring").verdict == REPRODUCED
    fast = run([0.7, 0.6], recipe=lecture(100, learning_rate=1e-3))
    steps = [{"name": "a", "passed_at": None}, {"name": "b", "passed_at": 14}]
    found = finding(evidence(low, fast, study={"steps": steps}), "hundred epochs bring")
    assert found.verdict == NOT_REPRODUCED
    assert found.measured == {"pytorch": "64.0% (one run); never above 66.0%"}
    assert found.remark == (
        "14.0 points short at best; at a rate of 1e-3 70.0% at best, in epoch 1, and 60.0% after 100; "
        "the step “b” of what was tried, see below, passes it in epoch 14"
    )
    found = finding(evidence(low, study={"steps": steps[:1]}), "hundred epochs bring")
    assert "nothing that was tried passes it" in found.remark


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
        ([1.0, -1.0, 0.5], DEPENDS),
        ([1.0], DEPENDS),  # one pair shows no spread
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


def test_saturation() -> None:
    curve = [*np.linspace(0.3, 0.5, 30), *np.full(20, 0.5)]
    found = finding(evidence(run(curve, recipe=HUNDRED_HALVING)), "saturation")
    assert found.verdict == REPRODUCED
    assert found.remark == "over the last 20 epochs it stays within 0.00 points"
    curve[45] = 0.498
    found = finding(evidence(run(curve, recipe=HUNDRED_HALVING)), "saturation")
    assert found.verdict == NOT_REPRODUCED
    assert found.remark.startswith("set back by up to 0.20 points; ")
    assert found.remark.endswith("within 0.20 points")


def test_weights_change() -> None:
    found = finding(evidence(run(RISING)), "filters")
    assert found.verdict == REPRODUCED
    assert found.measured["pytorch"].startswith("conv1 50%, conv2 50%")
    still = run(RISING).weight_change | {"conv1.weight": 1e-6}
    assert finding(evidence(run(RISING, weight_change=still)), "filters").verdict == NOT_REPRODUCED
    assert finding(evidence(run(RISING, weight_change={})), "filters").verdict == NOT_MEASURED


# --- what the claims are made of ----------------------------------------------------------------------------


def test_setbacks_and_the_window_that_smooths_them() -> None:
    assert setbacks([1, 2, 2, 3]) == []
    assert setbacks([1, 3, 2, 4]) == [1.0]
    assert smoothing_window([[1, 2, 3, 4]]) == 1
    assert smoothing_window([[1, 3, 2, 4, 3, 5]]) == 2
    assert smoothing_window([[1, 2, 3, 4, 5, 6], [1, 3, 2, 4, 3, 5]]) == 2
    assert smoothing_window([[4, 3, 2, 1]]) is None


def test_a_prediction_interval_holds_one_more_value_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    values = rng.standard_normal((4000, 6))
    inside = 0
    for row_ in values:
        low, high = prediction_interval(row_[:5])
        inside += low <= row_[5] <= high
    # Binomial: 95 % of 4000 with a standard deviation of 13.8; the interval of the mean would hold 64 %.
    assert abs(inside - 3800) < 4 * 13.8
    assert prediction_interval([1.0]) == (-math.inf, math.inf)


def four(rate: float, pp: Curve, pf: Curve, fp: Curve, ff: Curve) -> list[TrainingRun]:
    """Final accuracies by framework and initial parameters, a seed each."""
    runs = []
    for label, initial, finals in (
        ("pytorch:tuned", "pytorch", pp),
        ("pytorch:tuned", "flax", pf),
        ("flax:tuned", "pytorch", fp),
        ("flax:tuned", "flax", ff),
    ):
        recipe = lecture(learning_rate=rate, initial=initial)
        runs += [run([final / 2] * 9 + [final], seed, label, recipe) for seed, final in enumerate(finals)]
    return runs


def test_the_gap_is_split_into_what_initial_parameters_and_frameworks_make() -> None:
    # Flax's initial parameters bring 2 points in either framework, Flax itself 1, and nothing together.
    found = gaps(evidence(*four(1e-4, [0.40, 0.42], [0.42, 0.44], [0.41, 0.43], [0.43, 0.45])))
    assert [(gap.learning_rate, gap.epoch) for gap in found] == [(1e-4, 1), (1e-4, 10)]
    last = found[1]
    assert last.gap == pytest.approx([0.03, 0.03])
    assert last.from_initial == pytest.approx([0.02, 0.02])
    assert last.from_framework == pytest.approx([0.01, 0.01])
    # They add up to the gap whatever the four are.
    rng = np.random.default_rng(0)
    for gap in gaps(evidence(*four(1e-3, *rng.random((4, 3))))):
        parts = np.add(gap.from_initial, gap.from_framework)
        np.testing.assert_allclose(parts, gap.gap)
    assert gaps(evidence(*four(1e-4, [0.4], [0.4], [0.4], [])[:3])) == []
    # Each framework is spoken for by one variant throughout, though another has more seeds of one recipe.
    others = [run(RISING, seed, "pytorch:eager") for seed in range(5)]
    assert gaps(evidence(*others, *four(1e-4, [0.40], [0.42], [0.41], [0.43])))[1].pytorch == [0.40]


def test_the_rate_that_fits() -> None:
    def runs(rate: float, first: float, last: float) -> list[TrainingRun]:
        recipe = lecture(learning_rate=rate)
        return [run([first + s / 1e3] * 9 + [last + s / 1e3], s, recipe=recipe) for s in range(3)]

    found = rates(evidence(*runs(1e-4, 0.279, 0.46), *runs(1e-3, 0.427, 0.595)))
    assert [(rate.learning_rate, rate.fits) for rate in found] == [(1e-4, True), (1e-3, False)]
    assert [rate.fits for rate in rates(evidence(*runs(1e-4, 0.279, 0.30)))] == [False]
    assert [rate.fits for rate in rates(evidence(*runs(1e-4, 0.279, 0.46)[:1]))] == [None]
