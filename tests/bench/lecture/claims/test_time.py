"""The claims of how long an epoch and ten of them take."""

from __future__ import annotations

from bench.lecture.claims.finding import DEPENDS, REPRODUCED
from bench.lecture.evidence import Evidence
from made_up_evidence import finding


def test_a_time_depends_unless_every_variant_agrees() -> None:
    found = finding(Evidence("x", epochs={"pytorch:eager": [3.0, 3.2, 9.9], "flax:jit": [4.9]}), "an epoch takes")
    assert found.verdict == REPRODUCED
    assert found.measured == {"pytorch": "eager 3.2 s", "flax": "jit 4.9 s"}
    found = finding(Evidence("x", epochs={"pytorch:eager": [4.0], "pytorch:tuned": [0.5], "flax:jit": [8.0]}), "an epo")
    assert found.verdict == DEPENDS
    assert found.measured["pytorch"] == "tuned 0.5 s, eager 4 s"
    assert "from 0.12 times as long as the lecture (pytorch:tuned) to 2 times (flax:jit)" in found.remark
    found = finding(Evidence("x", totals={"flax:jit": 37.0}), "ten epochs")
    assert (found.verdict, found.measured) == (REPRODUCED, {"flax": "jit 37 s"})
