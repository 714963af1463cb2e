"""28 % after the first epoch?"""

from __future__ import annotations

from collections.abc import Sequence

from bench.lecture import facts
from bench.lecture.claims.finding import (
    DEPENDS,
    NOT_REPRODUCED,
    REPRODUCED,
    UNDECIDED,
    Finding,
    mean_text,
    of_frameworks,
)
from bench.lecture.evidence import FRAMEWORKS, Evidence
from bench.stats.student import mean_interval, prediction_interval
from impls.spec import LECTURE

HALF_A_PERCENT = 0.005
"""A whole percentage may have been rounded by as much."""

TWO_POINTS = 0.02
"""How far our mean may be from what the lecture shows. The second epoch brings four to five points more, so a mean
that is known to be nearer than this is of no other epoch."""


def after_the_first_epoch(evidence: Evidence) -> Finding:
    """28 % after the first epoch."""
    claim = f"{facts.FIRST_ACCURACY:.0%} after the first epoch"
    verdicts, measured, ranges = [], {}, []
    for framework, runs in evidence.by_framework(LECTURE.name).items():
        values = [run.accuracy_per_epoch[0] for run in runs]
        measured[framework] = mean_text(values)
        verdicts.append(shows_first_epoch(values))
        if len(values) > 1:
            low, high = prediction_interval(values)
            ranges.append(f"{FRAMEWORKS[framework]} {low:.1%} to {high:.1%}")
    remark = f"where one more run would fall (95 %): {', '.join(ranges)}" if ranges else ""
    return Finding(claim, of_frameworks(verdicts), measured, remark)


def shows_first_epoch(values: Sequence[float]) -> str:
    """The verdict on whether runs show what the lecture's one run shows after its first epoch, a whole percentage.

    Refuted where it is not among the values that one more run may have (the 95 % prediction interval). That alone is
    no proof: of few runs this interval is so wide that anything is in it. So it is reproduced only where, besides, the
    95 % interval of our mean lies within `TWO_POINTS` of it. Where all of that interval lies beyond, single runs may
    show it and the mean does not.

    Args:
        values: accuracies of one framework's runs after the first epoch, fractions.
    """
    said, (low, high), mean = facts.FIRST_ACCURACY, prediction_interval(values), mean_interval(values)
    if low > said + HALF_A_PERCENT or high < said - HALF_A_PERCENT:
        return NOT_REPRODUCED
    if mean.low >= said - TWO_POINTS and mean.high <= said + TWO_POINTS:
        return REPRODUCED
    if mean.low > said + TWO_POINTS or mean.high < said - TWO_POINTS:
        return DEPENDS
    return UNDECIDED
