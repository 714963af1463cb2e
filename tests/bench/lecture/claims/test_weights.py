"""The claim that training changes the filters."""

from __future__ import annotations

from bench.lecture.claims.finding import NOT_MEASURED, NOT_REPRODUCED, REPRODUCED, UNDECIDED
from made_up_evidence import RISING, evidence, finding, run


def test_weights_change() -> None:
    found = finding(evidence(*(run(RISING, seed) for seed in range(5))), "filters")
    assert found.verdict == REPRODUCED
    assert finding(evidence(run(RISING)), "filters").verdict == UNDECIDED
    assert found.measured["pytorch"].startswith("conv1 50%, conv2 50%")
    still = run(RISING).weight_change | {"conv1.weight": 1e-6}
    assert finding(evidence(run(RISING, weight_change=still)), "filters").verdict == NOT_REPRODUCED
    assert finding(evidence(run(RISING, weight_change={})), "filters").verdict == NOT_MEASURED
