"""The claim of the accuracy after the first epoch."""

from __future__ import annotations

import pytest

from bench.lecture.claims.finding import DEPENDS, NOT_MEASURED, NOT_REPRODUCED, REPRODUCED
from made_up_evidence import evidence, finding, run


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
