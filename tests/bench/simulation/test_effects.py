"""Made-up rounds have the effects that they should, and these are found again."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from bench.simulation.effects import Effects, block_numbers, seconds
from bench.simulation.estimate import between_runs, within_a_run

EFFECTS = Effects(run=0.05, block=0.04, process=0.02, round=0.015, rest=0.03)


@pytest.mark.parametrize("name", ["run", "block", "process", "round", "rest"])
def test_each_effect_is_shared_by_what_it_is_an_effect_on(name: str) -> None:
    only = Effects(**{**dict.fromkeys(("run", "block", "process", "round", "rest"), 0.0), name: 0.1})
    logs = only.logs(np.random.default_rng(0), 3, 4, 2)
    variant, block, round_ = (np.ptp(logs, axis=axis).max() > 1e-12 for axis in range(3))
    expected = {
        "run": (True, False, False),
        "block": (False, True, False),
        "process": (True, True, False),
        "round": (False, True, True),
        "rest": (True, True, True),
    }
    assert (variant, block, round_) == expected[name]


def test_the_effects_are_found_again() -> None:
    rng = np.random.default_rng(0)
    found = np.array([astuple(within_a_run(EFFECTS.logs(rng, 10, 20, 4))) for _ in range(40)])
    assert np.sqrt((found**2).mean(axis=0))[1:] == pytest.approx([0.04, 0.02, 0.015, 0.03], rel=0.1)


def test_the_effect_of_a_run_is_found_again() -> None:
    rng = np.random.default_rng(0)
    runs = [[EFFECTS.logs(rng, 2, 4, 2).mean(axis=2) for _ in range(2)] for _ in range(400)]
    pairs = [(one[0] - one[1], other[0] - other[1]) for one, other in runs]
    assert between_runs(pairs) == pytest.approx(0.05 * np.sqrt(2), rel=0.1), (
        "of a variant, and of what it is held against"
    )
    assert between_runs([]) == 0


def test_rounds_are_in_the_order_of_rows() -> None:
    assert block_numbers(2, 3) == [0, 0, 0, 1, 1, 1]
    assert seconds(np.log([[1.0, 2.0], [3.0, 4.0]])) == pytest.approx([1, 2, 3, 4])
