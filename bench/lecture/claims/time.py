"""How long does it take?"""

from __future__ import annotations

from statistics import median

from bench.lecture import facts
from bench.lecture.claims.finding import (
    DEPENDS,
    NOT_MEASURED,
    NOT_REPRODUCED,
    REPRODUCED,
    UNDECIDED,
    Finding,
    of_frameworks,
)
from bench.lecture.evidence import FRAMEWORKS, Evidence

A_QUARTER = 0.25
"""A time agrees with the lecture's "about" where it is within so much of it."""

SCATTER = 0.08
"""By how much one process's time may be off: twice the 4 % by which processes of one program were seen to differ."""


def epoch(evidence: Evidence) -> Finding:
    """About 4 s an epoch."""
    times = {label: median(seconds) for label, seconds in evidence.epochs.items()}
    return _finding(f"an epoch takes about {facts.EPOCH_SECONDS:g} s", facts.EPOCH_SECONDS, times)


def total(evidence: Evidence) -> Finding:
    """37 s in all."""
    claim = f"ten epochs with their tests take about {facts.TOTAL_SECONDS:g} s"
    return _finding(claim, facts.TOTAL_SECONDS, evidence.totals)


def agrees(seconds: float, said: float) -> str:
    """The verdict on one variant's time; undecided where its scatter does not settle it.

    Refuted where all that the time may be, by `SCATTER`, is further than `A_QUARTER` from what was said.
    """
    low, high = seconds * (1 - SCATTER) / said, seconds * (1 + SCATTER) / said
    if low >= 1 - A_QUARTER and high <= 1 + A_QUARTER:
        return REPRODUCED
    return NOT_REPRODUCED if high < 1 - A_QUARTER or low > 1 + A_QUARTER else UNDECIDED


def _finding(claim: str, said: float, times: dict[str, float]) -> Finding:
    """The verdict of all variants of a device: it depends where one agrees with the time and another does not."""
    if not times:
        return Finding(claim, NOT_MEASURED)
    verdict = of_frameworks(agrees(seconds, said) for seconds in times.values())
    in_order = sorted(times, key=lambda label: times[label])
    measured = {}
    for framework in FRAMEWORKS:
        own = [label for label in in_order if label.startswith(f"{framework}:")]
        if own:
            measured[framework] = ", ".join(f"{label.partition(':')[2]} {times[label]:.3g} s" for label in own)
    fastest, slowest = in_order[0], in_order[-1]
    here = f"here from {times[fastest] / said:.2g} times as long as the lecture ({fastest})"
    here += f" to {times[slowest] / said:.2g} times ({slowest})"
    remark = f"on device and implementation; {here}" if verdict == DEPENDS else here
    return Finding(claim, verdict, measured, remark)
