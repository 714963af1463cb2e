"""How long does it take?"""

from __future__ import annotations

from statistics import median

from bench.lecture import facts
from bench.lecture.claims.finding import DEPENDS, NOT_MEASURED, REPRODUCED, Finding
from bench.lecture.evidence import FRAMEWORKS, Evidence

A_QUARTER = 0.25
"""A time agrees with the lecture's "about" where it is within so much of it."""


def epoch(evidence: Evidence) -> Finding:
    """About 4 s an epoch."""
    times = {label: median(seconds) for label, seconds in evidence.epochs.items()}
    return _finding(f"an epoch takes about {facts.EPOCH_SECONDS:g} s", facts.EPOCH_SECONDS, times)


def total(evidence: Evidence) -> Finding:
    """37 s in all."""
    claim = f"ten epochs with their tests take about {facts.TOTAL_SECONDS:g} s"
    return _finding(claim, facts.TOTAL_SECONDS, evidence.totals)


def _finding(claim: str, said: float, times: dict[str, float]) -> Finding:
    """A time is a property of a device: the verdict is that it depends, unless every variant here agrees with it."""
    if not times:
        return Finding(claim, NOT_MEASURED)
    agrees = all(abs(seconds / said - 1) <= A_QUARTER for seconds in times.values())
    in_order = sorted(times, key=lambda label: times[label])
    measured = {}
    for framework in FRAMEWORKS:
        own = [label for label in in_order if label.startswith(f"{framework}:")]
        if own:
            measured[framework] = ", ".join(f"{label.partition(':')[2]} {times[label]:.3g} s" for label in own)
    fastest, slowest = in_order[0], in_order[-1]
    here = f"here from {times[fastest] / said:.2g} times as long as the lecture ({fastest})"
    here += f" to {times[slowest] / said:.2g} times ({slowest})"
    remark = here if agrees else f"on device and implementation; {here}"
    return Finding(claim, REPRODUCED if agrees else DEPENDS, measured, remark)
