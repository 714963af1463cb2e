"""The claim of the accuracy after the tenth epoch."""

from __future__ import annotations

from bench.lecture.claims.finding import DEPENDS, NOT_REPRODUCED, REPRODUCED
from impls.spec import HUNDRED
from made_up_evidence import RISING, evidence, finding, run, shifted


def test_the_tenth_epochs_accuracy() -> None:
    both = [run(RISING), run(RISING, 0, "flax:jit")]
    assert finding(evidence(*both), "after the tenth").verdict == REPRODUCED
    assert finding(evidence(run(shifted(-0.02))), "after the tenth").verdict == NOT_REPRODUCED
    longer = [
        run([*RISING, 0.44, 0.46, 0.47], recipe=HUNDRED),
        run([*shifted(-0.02), 0.46, 0.47, 0.48], 1, recipe=HUNDRED),
    ]
    found = finding(evidence(*both, run(shifted(-0.02), 1), *longer), "after the tenth")
    assert found.verdict == DEPENDS
    assert "; 1 of 2 reach it" in found.measured["pytorch"]
    assert found.remark == "on the run; all of 2 longer runs stay above it from epoch 12 on"
    never = [run([0.3, 0.4], recipe=HUNDRED)]
    assert finding(evidence(*both, run(shifted(-0.02), 1), *never), "after the tenth").remark == "on the run"
