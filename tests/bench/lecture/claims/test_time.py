"""The claims of how long an epoch and ten of them take."""

from __future__ import annotations

from bench.lecture.claims.finding import DEPENDS, NOT_REPRODUCED, REPRODUCED, UNDECIDED
from bench.lecture.evidence import Evidence
from made_up_evidence import finding


def test_a_time_depends_where_some_variants_agree_with_it() -> None:
    found = finding(Evidence("x", epochs={"pytorch:eager": [3.0, 3.5, 9.9], "flax:jit": [4.5]}), "an epoch takes")
    assert found.verdict == REPRODUCED
    assert found.measured == {"pytorch": "eager 3.5 s", "flax": "jit 4.5 s"}
    found = finding(Evidence("x", epochs={"pytorch:eager": [4.0], "pytorch:tuned": [0.5], "flax:jit": [8.0]}), "an epo")
    assert found.verdict == DEPENDS
    assert found.measured["pytorch"] == "tuned 0.5 s, eager 4 s"
    assert "from 0.12 times as long as the lecture (pytorch:tuned) to 2 times (flax:jit)" in found.remark
    found = finding(Evidence("x", totals={"flax:jit": 37.0}), "ten epochs")
    assert (found.verdict, found.measured) == (REPRODUCED, {"flax": "jit 37 s"})


def test_a_time_that_no_variant_agrees_with_is_not_reproduced() -> None:
    found = finding(Evidence("x", epochs={"pytorch:eager": [0.05], "flax:jit": [8.0]}), "an epoch takes")
    assert found.verdict == NOT_REPRODUCED
    assert found.remark.startswith("here from 0.013 times as long as the lecture")
    assert finding(Evidence("x", totals={"flax:jit": 60.0}), "ten epochs").verdict == NOT_REPRODUCED


def test_a_time_at_the_edge_of_a_quarter_is_undecided() -> None:
    """Another process of the same program may lie on the other side."""
    for seconds in (3.05, 4.95):
        assert finding(Evidence("x", epochs={"pytorch:eager": [seconds]}), "an epoch takes").verdict == UNDECIDED
