"""The clock reads a known sleep as that sleep and tells two epochs apart only where they differ."""

from __future__ import annotations

from statistics import median

import pytest

from bench.stats.ratio import paired_ratio
from subjects import subject

pytestmark = pytest.mark.usefixtures("importable_fakes")


@pytest.mark.slow
def test_a_known_sleep_reads_as_that_sleep() -> None:
    with subject("fakes:Sleeps:0.2") as sleeper:
        assert median(sleeper.epoch() for _ in range(7)) == pytest.approx(0.2, rel=0.02)


def test_an_empty_epoch_reads_as_next_to_nothing() -> None:
    with subject("fakes:DoesNothing") as idle:
        assert median(idle.epoch() for _ in range(7)) < 1e-3


def compared(a: str, b: str) -> list[bool]:
    """Whether 20 comparisons of 7 rounds each tell two sleepers apart."""
    with subject(a) as one, subject(b) as other:
        found = []
        for _ in range(20):
            seconds: tuple[list[float], list[float]] = [], []
            for number in range(7):
                for which, sleeper in [(0, one), (1, other)] if number % 2 else [(1, other), (0, one)]:
                    seconds[which].append(sleeper.epoch())
            found.append(paired_ratio(*seconds, range(7)).distinguishable)  # of sleeps each is a replicate
    return found


@pytest.mark.slow
def test_a_backend_slower_by_a_tenth_is_found_slower() -> None:
    assert sum(compared("fakes:Sleeps:0.022", "fakes:Sleeps:0.02")) >= 19


@pytest.mark.slow
def test_an_equal_one_is_not_told_apart() -> None:
    # A 95 % interval errs once in 20 tries; more than four times, once in 400 such tests.
    assert sum(compared("fakes:Sleeps:0.02", "fakes:Sleeps:0.02")) <= 4
