"""The claim of the accuracy after the tenth epoch."""

from __future__ import annotations

from bench.lecture.claims.finding import DEPENDS, NOT_REPRODUCED, REPRODUCED, UNDECIDED
from impls.spec import HUNDRED
from made_up_evidence import RISING, evidence, finding, run, shifted


def test_the_tenth_epochs_accuracy() -> None:
    both = [
        run(shifted(by), seed, label) for label in ("pytorch:eager", "flax:jit") for seed, by in enumerate((0, 5e-4))
    ]
    assert finding(evidence(*both), "after the tenth").verdict == REPRODUCED
    assert finding(evidence(*both[:1]), "after the tenth").verdict == UNDECIDED
    low = [run(shifted(by - 0.02), seed) for seed, by in enumerate((0, 1e-4))]
    assert finding(evidence(*low), "after the tenth").verdict == NOT_REPRODUCED
    longer = [
        run([*RISING, 0.44, 0.46, 0.47], recipe=HUNDRED),
        run([*shifted(-0.02), 0.46, 0.47, 0.48], 1, recipe=HUNDRED),
    ]
    found = finding(evidence(*both, run(shifted(-0.02), 2), *longer), "after the tenth")
    assert found.verdict == DEPENDS
    assert "; 2 of 3 reach it" in found.measured["pytorch"]
    assert found.remark == "on the run; all of 2 longer runs stay above it from epoch 12 on"
    never = [run([0.3, 0.4], recipe=HUNDRED)]
    assert finding(evidence(*both, run(shifted(-0.02), 2), *never), "after the tenth").remark == "on the run"
