"""The rungs of every version of the specification are known, so that a ladder that lacks one is found."""

from __future__ import annotations

from bench.parity.rungs import RUNGS
from bench.results.validation.verdicts import FIRST, RUNGS_OF, version_of
from impls.spec.version import SPEC_VERSION
from made_up_results import RUNG, row


def test_todays_rungs_are_those_of_todays_version() -> None:
    """Whoever raises the version adds its rungs."""
    assert set(RUNGS_OF[SPEC_VERSION]) == set(RUNGS)
    assert set(RUNGS_OF) == set(range(1, SPEC_VERSION + 1))


def test_a_row_from_before_versions_were_recorded_is_of_the_first() -> None:
    old = [RUNG | {"name": name} for name in FIRST]
    assert version_of(row("agreement", rungs=old)) == 1
    assert version_of(row("epoch")) == 1


def test_a_later_row_without_its_version_is_of_none() -> None:
    assert version_of(row("agreement", rungs=[RUNG | {"name": "memory"}])) is None
    assert version_of(row("epoch", suite="0.1.0")) is None
    assert version_of(row("epoch", suite="0.1.0", spec=2)) == 2
