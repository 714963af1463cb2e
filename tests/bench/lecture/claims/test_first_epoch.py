"""The claim of the accuracy after the first epoch."""

from __future__ import annotations

import numpy as np
import pytest

from bench.lecture.claims.finding import DEPENDS, NOT_REPRODUCED, REPRODUCED, UNDECIDED
from bench.lecture.claims.first_epoch import shows_first_epoch
from made_up_evidence import evidence, finding, run


@pytest.mark.parametrize(
    ("firsts", "verdict"),
    [
        ([0.280, 0.281, 0.279], REPRODUCED),
        ([0.26, 0.30, 0.29], UNDECIDED),  # one more run might be there, and as well at 24 % or at 33 %
        ([0.20, 0.36], UNDECIDED),  # of two runs the interval has all in it
        ([0.27, 0.285, 0.28, 0.29, 0.275, 0.30, 0.28, 0.27, 0.29, 0.285], REPRODUCED),
        ([0.25, 0.41, 0.33] * 20, DEPENDS),  # one more run might be there, and the mean is elsewhere
        ([0.284, 0.2841, 0.2842], REPRODUCED),  # 28.4 % is called 28 %
        ([0.290, 0.291, 0.292], NOT_REPRODUCED),
        ([0.42, 0.43, 0.42], NOT_REPRODUCED),
        ([0.28], UNDECIDED),  # a single run has no spread to judge by
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


def test_fewer_seeds_make_the_first_epochs_accuracy_harder_to_reproduce() -> None:
    """Runs scatter as ours do. By the interval for one more run alone, two seeds passed more often than ten."""
    rng = np.random.default_rng(17)
    chances = [
        np.mean([shows_first_epoch(rng.normal(0.283, 0.018, seeds).tolist()) == REPRODUCED for _ in range(400)])
        for seeds in (1, 2, 3, 5, 10, 20)
    ]
    assert chances == sorted(chances)
    assert chances[1] < 0.2 < chances[-1]


def test_another_figure_is_not_reproduced_by_few_seeds() -> None:
    rng = np.random.default_rng(17)
    passed = [shows_first_epoch(rng.normal(0.33, 0.018, 2).tolist()) == REPRODUCED for _ in range(400)]
    assert np.mean(passed) < 0.05
