"""The verdict on a claim that several runs were asked."""

from __future__ import annotations

import pytest

from bench.lecture.claims.finding import DEPENDS, NOT_MEASURED, NOT_REPRODUCED, REPRODUCED, of_all


@pytest.mark.parametrize(
    ("held", "verdict"),
    [([True, True], REPRODUCED), ([False], NOT_REPRODUCED), ([True, False], DEPENDS), ([], NOT_MEASURED)],
)
def test_a_claim_about_runs_holds_in_all_in_none_or_in_some(held: list[bool], verdict: str) -> None:
    assert of_all(held) == verdict
