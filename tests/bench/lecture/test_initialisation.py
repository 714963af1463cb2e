"""How much of the gap between the frameworks comes from their initial parameters."""

from __future__ import annotations

import numpy as np
import pytest

from bench.lecture.initialisation import gaps
from bench.training.run import TrainingRun
from impls.spec import lecture
from made_up_evidence import RISING, Curve, evidence, run


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
    at_random = gaps(evidence(*four(1e-3, *rng.random((4, 3)))))
    assert len(at_random) == 2
    for gap in at_random:
        assert len(gap.gap) == 3
        parts = np.add(gap.from_initial, gap.from_framework)
        np.testing.assert_allclose(parts, gap.gap)
    assert gaps(evidence(*four(1e-4, [0.4], [0.4], [0.4], [])[:3])) == []
    # Each framework is spoken for by one variant throughout, though another has more seeds of one recipe.
    others = [run(RISING, seed, "pytorch:eager") for seed in range(5)]
    assert gaps(evidence(*others, *four(1e-4, [0.40], [0.42], [0.41], [0.43])))[1].pytorch == [0.40]
