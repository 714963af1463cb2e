"""The claim that a hundred epochs bring the accuracy above 80 %."""

from __future__ import annotations

from bench.lecture.claims.finding import NOT_REPRODUCED, REPRODUCED
from impls.spec import HUNDRED, lecture
from made_up_evidence import evidence, finding, run


def test_a_hundred_epochs() -> None:
    low, high = run([0.5, 0.66, 0.64], recipe=HUNDRED), run([0.5, 0.79, 0.82], recipe=HUNDRED)
    assert finding(evidence(high), "hundred epochs bring").verdict == REPRODUCED
    fast = run([0.7, 0.6], recipe=lecture(100, learning_rate=1e-3))
    steps = [{"name": "a", "passed_at": None}, {"name": "b", "passed_at": 14}]
    found = finding(evidence(low, fast, study={"steps": steps}), "hundred epochs bring")
    assert found.verdict == NOT_REPRODUCED
    assert found.measured == {"pytorch": "64.0% (one run); never above 66.0%"}
    assert found.remark == (
        "14.0 points short at best; at a rate of 1e-3 70.0% at best, in epoch 1, and 60.0% after 100; "
        "the step “b” of what was tried, see below, passes it in epoch 14"
    )
    found = finding(evidence(low, study={"steps": steps[:1]}), "hundred epochs bring")
    assert "nothing that was tried passes it" in found.remark
