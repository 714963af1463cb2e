"""The accuracy rung's status follows from the seeds' differences in accuracy."""

from __future__ import annotations

import pytest

from bench.parity.verdict import Report, Rung
from bench.training import accuracy_rung
from bench.training.paired import Comparison, PairedAccuracy, Series


def paired(*differences: float) -> PairedAccuracy:
    found = PairedAccuracy(Series("pytorch:eager", {}), Series("pytorch:eager twin", {}), [Series("mine:a", {})])
    found.__dict__["comparisons"] = [Comparison("mine:a", dict(enumerate(differences)))]
    found.__dict__["control"] = Comparison("pytorch:eager twin", {0: 0.001, 1: -0.001})
    return found


@pytest.mark.parametrize(
    ("differences", "status", "verdict"),
    [
        ((0.001, -0.001, 0.002, 0.0), "passed", "equivalent"),
        ((0.03, 0.031, 0.029, 0.03), "failed", "different"),
        ((0.01, -0.02, 0.03, 0.0), "inconclusive", "inconclusive"),
    ],
)
def test_the_accuracy_rung_follows_the_test_of_equivalence(
    differences: tuple[float, ...], status: str, verdict: str
) -> None:
    rung = accuracy_rung.rung(paired(*differences), "mine:a", 1.0)
    assert rung.status == status
    assert rung.measured is not None
    assert rung.tolerance == 0.01
    assert (rung.measured < rung.tolerance) == (status == "passed")
    assert Report([Rung("loss", "passed"), rung]).verdict == verdict


def test_the_baselines_own_accuracy_is_held_against_its_twin() -> None:
    assert "twin" in accuracy_rung.rung(paired(0.5, 0.5), "pytorch:eager", 1.0).where
