"""The claims on what it confuses: the share of errors among similar objects, and what chance would give."""

from __future__ import annotations

import numpy as np
import pytest

from bench.lecture.claims.confusion import VEHICLES, within, within_by_chance
from bench.lecture.claims.finding import NOT_MEASURED, NOT_REPRODUCED, REPRODUCED
from made_up_evidence import RISING, evidence, finding, run

CLAIM, GUESS = "looks alike", "random guess"
KIND = np.isin(np.arange(10), VEHICLES)


def confused(similar: int, other: int) -> np.ndarray:
    """500 images of each class are right; so many are taken for each class of the same kind, and of the other."""
    counts = np.where(KIND[:, None] == KIND[None, :], similar, other)
    np.fill_diagonal(counts, 500)
    return counts


def test_shares_are_those_of_the_definition() -> None:
    even = confused(10, 10)  # of 90 other pairs 4 * 3 + 6 * 5 are of one kind
    assert within(even) == pytest.approx(42 / 90)
    assert within_by_chance(even) == pytest.approx(42 / 90)
    assert within(confused(30, 10)) == pytest.approx(3 * 42 / (3 * 42 + 48))
    assert within(confused(30, 0)) == 1.0


def test_a_favourite_answer_is_not_taken_for_likeness() -> None:
    """Every error is "cat", whatever the image: animals' errors stay among animals, and that says nothing."""
    counts = np.diag([500] * 10)
    counts[:, 3] += np.where(np.arange(10) == 3, 0, 50)
    counts[3, 5] += 50
    assert within(counts) == pytest.approx(within_by_chance(counts))


def test_five_runs_whose_errors_stay_among_their_kind_reproduce_it() -> None:
    alike = [run(RISING, seed, confusion=confused(30, 10).tolist()) for seed in range(5)]
    assert finding(evidence(*alike), CLAIM).verdict == REPRODUCED
    assert finding(evidence(*alike), CLAIM).measured["pytorch"].startswith("72.4% of all errors stay within")
    apart = [run(RISING, seed, confusion=confused(10, 30).tolist()) for seed in range(5)]
    assert finding(evidence(*apart), CLAIM).verdict == NOT_REPRODUCED
    assert finding(evidence(run(RISING)), CLAIM).verdict == NOT_MEASURED


def test_a_guess_is_a_tenth() -> None:
    good, bad = ([run([*RISING[:-1], last], seed) for seed in range(5)] for last in (0.46, 0.2))
    assert finding(evidence(*good), GUESS).verdict == REPRODUCED
    assert finding(evidence(*good), GUESS).measured["pytorch"] == "4.6 times a guess"
    assert finding(evidence(*bad), GUESS).verdict == NOT_REPRODUCED
