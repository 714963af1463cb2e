"""The verdict on a claim that several runs were asked."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bench.lecture.claims.finding import (
    DEPENDS,
    NOT_MEASURED,
    NOT_REPRODUCED,
    REPRODUCED,
    UNDECIDED,
    at_least,
    of_frameworks,
    of_runs,
)


@pytest.mark.parametrize(
    ("held", "verdict"),
    [
        ([True] * 5, REPRODUCED),
        ([True] * 4, UNDECIDED),
        ([True], UNDECIDED),
        ([True] * 9 + [False], REPRODUCED),
        ([True] * 8 + [False] * 2, DEPENDS),
        ([True, False], DEPENDS),
        ([False] * 3, NOT_REPRODUCED),
    ],
)
def test_a_claim_about_runs_holds_in_most_in_none_or_in_some(held: list[bool], verdict: str) -> None:
    assert of_runs({"pytorch": held}) == verdict


@pytest.mark.parametrize("share", [0.75, 0.8, 0.9, 0.99])
def test_fewer_runs_make_a_claim_harder_to_reproduce(share: float) -> None:
    """The old rule, "in all of them", passed one run in nine of ten tries and ten runs in three."""

    def passes(runs: int) -> float:
        reproduced = [k for k in range(runs + 1) if of_runs({"a": [True] * k + [False] * (runs - k)}) == REPRODUCED]
        return sum(math.comb(runs, k) * share**k * (1 - share) ** (runs - k) for k in reproduced)

    chances = [passes(runs) for runs in (1, 2, 4, 5, 10, 20, 40)]
    assert chances == sorted(chances)
    assert chances[0] == 0


def test_a_claim_that_holds_in_half_of_all_runs_is_seldom_called_reproduced() -> None:
    for runs in range(1, 41):
        reproduced = [k for k in range(runs + 1) if of_runs({"a": [True] * k + [False] * (runs - k)}) == REPRODUCED]
        assert sum(math.comb(runs, k) for k in reproduced) / 2**runs <= 0.05


@pytest.mark.parametrize(
    ("verdicts", "verdict"),
    [
        ([], NOT_MEASURED),
        ([REPRODUCED, REPRODUCED], REPRODUCED),
        ([NOT_REPRODUCED], NOT_REPRODUCED),
        ([REPRODUCED, NOT_REPRODUCED], DEPENDS),
        ([REPRODUCED, DEPENDS], DEPENDS),
        ([REPRODUCED, UNDECIDED], UNDECIDED),
        ([NOT_REPRODUCED, UNDECIDED], UNDECIDED),
    ],
)
def test_frameworks_are_judged_alone(verdicts: list[str], verdict: str) -> None:
    assert of_frameworks(verdicts) == verdict


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ([0.46, 0.461, 0.462], REPRODUCED),
        ([0.44, 0.441, 0.439], NOT_REPRODUCED),
        ([0.44, 0.46, 0.45], DEPENDS),
        ([0.46, 0.48], UNDECIDED),
        ([0.46], UNDECIDED),
        ([0.99], UNDECIDED),
    ],
)
def test_runs_reach_a_figure_where_one_more_would(values: list[float], verdict: str) -> None:
    assert at_least(values, 0.45) == verdict


def test_fewer_seeds_make_a_figure_harder_to_reach() -> None:
    rng = np.random.default_rng(17)
    chances = [
        np.mean([at_least(rng.normal(0.48, 0.008, seeds).tolist(), 0.45) == REPRODUCED for _ in range(400)])
        for seeds in (1, 2, 3, 5, 10)
    ]
    assert chances == sorted(chances)
