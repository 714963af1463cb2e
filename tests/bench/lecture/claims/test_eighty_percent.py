"""The claim that a hundred epochs bring the accuracy above 80 %."""

from __future__ import annotations

from bench.lecture.claims.finding import NOT_REPRODUCED, REPRODUCED, UNDECIDED
from impls.spec import HUNDRED, lecture
from made_up_evidence import evidence, finding, run


def test_a_hundred_epochs() -> None:
    low = [run([0.5, 0.66, 0.64 + by], seed, recipe=HUNDRED) for seed, by in enumerate((-0.001, 0, 0.001))]
    high = [run([0.5, 0.79, 0.82 + by], seed, recipe=HUNDRED) for seed, by in enumerate((-0.001, 0, 0.001))]
    assert finding(evidence(*high), "hundred epochs bring").verdict == REPRODUCED
    assert finding(evidence(*high[:1]), "hundred epochs bring").verdict == UNDECIDED
    fast = run([0.7, 0.6], recipe=lecture(100, learning_rate=1e-3))
    steps = [{"name": "a", "passed_at": None}, {"name": "b", "passed_at": 14}]
    found = finding(evidence(*low, fast, study={"steps": steps}), "hundred epochs bring")
    assert found.verdict == NOT_REPRODUCED
    assert found.measured == {"pytorch": "64.0% (63.8% to 64.2%, 3 runs); never above 66.0%"}
    assert found.remark == (
        "14.0 points short at best; at a rate of 1e-3 70.0% at best, in epoch 1, and 60.0% after 100; "
        "the step “b” of what was tried, see below, passes it in epoch 14"
    )
    found = finding(evidence(*low, study={"steps": steps[:1]}), "hundred epochs bring")
    assert "nothing that was tried passes it" in found.remark
