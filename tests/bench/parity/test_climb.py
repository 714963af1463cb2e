"""Where a climb stops: at a failure, but not at one that was declared before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.parity.known_deviations import Entry, KnownDeviations
from bench.parity.ladder import climb
from bench.parity.verdict import Measured, Rung
from impls.errors import BackendError
from ladder import RUNGS

KNOWN = KnownDeviations([Entry("loss", "loss (a)")])


def taking(*failures: str, error_on: str = "", only: str = "") -> Callable[[str], Rung]:
    """Takes rungs, all of which pass but for ``loss``."""

    def take(name: str) -> Rung:
        if name == error_on:
            raise BackendError(f"{name} raised")
        failed = [Measured(2.0, 1.0, what) for what in failures] if name == "loss" else []
        return Rung.of(name, [Measured(0.0, 1.0, "fine"), *failed], only=only if failed else "")

    return take


def statuses(rungs: list[Rung]) -> list[str]:
    assert [rung.name for rung in rungs] == RUNGS
    return [rung.status for rung in rungs[RUNGS.index("loss") :]]


ABOVE = len(RUNGS) - RUNGS.index("loss") - 1


@pytest.mark.parametrize(
    ("known", "failures", "above"),
    [
        (KnownDeviations(), ("loss (a)",), "skipped"),
        (KNOWN, ("loss (a)",), "passed"),
        (KNOWN, ("loss (a)", "loss (b)"), "skipped"),
        (KNOWN, ("loss (b)",), "skipped"),
    ],
)
def test_it_goes_on_past_what_is_known(known: KnownDeviations, failures: tuple[str, ...], above: str) -> None:
    assert statuses(climb(taking(*failures), known=known.covers)) == ["failed", *[above] * ABOVE]


def test_it_goes_on_past_what_hardly_matters() -> None:
    assert statuses(climb(taking("loss (a)", only="tied maxima"))) == ["failed", *["passed"] * ABOVE]


def test_an_error_after_a_known_failure_is_one() -> None:
    """The verdict is not known by then; after a new failure it is."""
    with pytest.raises(BackendError, match="prediction raised"):
        climb(taking("loss (a)", error_on="prediction"), known=KNOWN.covers)
    found = climb(taking("loss (b)", error_on="prediction"), known=KNOWN.covers, past_failures=True)
    assert statuses(found).count("skipped") == 1
