"""28 % after the first epoch?"""

from __future__ import annotations

from bench.lecture import facts
from bench.lecture.claims.finding import Finding, mean_text, of_all
from bench.lecture.evidence import FRAMEWORKS, Evidence
from bench.stats.student import prediction_interval
from impls.spec import LECTURE

HALF_A_PERCENT = 0.005
"""A whole percentage may have been rounded by as much."""


def after_the_first_epoch(evidence: Evidence) -> Finding:
    """28 % after the first epoch: one run's, so it is held against where one more run of ours would fall."""
    claim = f"{facts.FIRST_ACCURACY:.0%} after the first epoch"
    held, measured, ranges = [], {}, []
    for framework, runs in evidence.by_framework(LECTURE.name).items():
        values = [run.accuracy_per_epoch[0] for run in runs]
        measured[framework] = mean_text(values)
        low, high = prediction_interval(values)
        if len(values) > 1:
            held.append(fits_first_epoch((low, high)))
            ranges.append(f"{FRAMEWORKS[framework]} {low:.1%} to {high:.1%}")
    remark = f"where one more run would fall (95 %): {', '.join(ranges)}" if ranges else ""
    return Finding(claim, of_all(held), measured, remark)


def fits_first_epoch(interval: tuple[float, float]) -> bool:
    """Whether what the lecture shows after its first epoch, a whole percentage, may lie in an interval."""
    low, high = interval
    return low <= facts.FIRST_ACCURACY + HALF_A_PERCENT and high >= facts.FIRST_ACCURACY - HALF_A_PERCENT
