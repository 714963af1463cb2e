"""The claim of what colour adds to the number of parameters."""

from __future__ import annotations

import pytest

from bench.lecture.claims.finding import NOT_REPRODUCED, REPRODUCED
from bench.lecture.evidence import Evidence
from impls.spec import parameter_counts
from made_up_evidence import finding


@pytest.mark.parametrize(
    ("change", "verdict", "text"),
    [
        ({}, REPRODUCED, "62,006 (+300 in conv1.weight)"),
        ({"fc1.bias": 121}, NOT_REPRODUCED, "62,007 (+300 in conv1.weight, +1 in fc1.bias)"),
        ({"conv1.weight": 150}, NOT_REPRODUCED, "61,706 ()"),
    ],
)
def test_colour(change: dict[str, int], verdict: str, text: str) -> None:
    found = finding(Evidence("x", parameters={"pytorch:eager": parameter_counts() | change}), "colour")
    assert (found.verdict, found.measured) == (verdict, {"pytorch": text})
