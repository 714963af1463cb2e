"""The claim of what colour adds to the number of parameters."""

from __future__ import annotations

import pytest

from bench.lecture import facts
from bench.lecture.claims.finding import DEPENDS, NOT_REPRODUCED, REPRODUCED
from bench.lecture.evidence import Evidence
from impls.spec import parameter_counts
from made_up_evidence import finding

COUNTED = parameter_counts()


@pytest.mark.parametrize(
    ("counts", "verdict", "text"),
    [
        (COUNTED, REPRODUCED, "62,006 (+300 in conv1.weight)"),
        (COUNTED | {"fc1.bias": 121}, NOT_REPRODUCED, "62,007 (+300 in conv1.weight, +1 in fc1.bias)"),
        (COUNTED | {"conv1.weight": 150}, NOT_REPRODUCED, "61,706 ()"),
        (COUNTED | {"fc4.bias": 10}, NOT_REPRODUCED, "62,016 (+300 in conv1.weight, +10 in fc4.bias)"),
        (
            {name: count for name, count in COUNTED.items() if name != "fc3.bias"},
            NOT_REPRODUCED,
            "61,996 (+300 in conv1.weight, -10 in fc3.bias)",
        ),
    ],
)
def test_colour(counts: dict[str, int], verdict: str, text: str) -> None:
    found = finding(Evidence("x", parameters={"pytorch:eager": counts}), "colour")
    assert (found.verdict, found.measured) == (verdict, {"pytorch": text})


def test_every_variant_is_counted_and_not_the_first_alone() -> None:
    found = finding(Evidence("x", parameters={"flax:jit": COUNTED, "flax:scan": COUNTED | {"fc3.bias": 11}}), "colour")
    assert (found.verdict, found.measured) == (DEPENDS, {"flax": "62,007 (+300 in conv1.weight, +1 in fc3.bias)"})


def test_the_lectures_numbers_add_up() -> None:
    assert sum(facts.GREY_COUNTS.values()) == facts.GREY_TOTAL == facts.COLOUR_TOTAL - facts.COLOUR_COSTS
