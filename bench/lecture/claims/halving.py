"""Does halving the learning rate after every ten epochs help?"""

from __future__ import annotations

from collections.abc import Sequence

from bench.lecture import facts
from bench.lecture.claims.finding import (
    NOT_MEASURED,
    NOT_REPRODUCED,
    REPRODUCED,
    UNDECIDED,
    Finding,
    of_frameworks,
    sentences,
)
from bench.lecture.evidence import FRAMEWORKS, Evidence
from bench.stats.equivalence import difference_interval, points, range_text
from impls.spec import HUNDRED, HUNDRED_HALVING, Recipe, lecture

LONG = lecture(200, halving=True)
"""Long enough that its rate, 1e-10 in the end, moves nothing."""


def helps(evidence: Evidence) -> Finding:
    """Accuracy after 100 epochs is higher with it, beyond the 95 % interval over paired seeds.

    Refuted where it is lower with it, beyond that interval.
    """
    claim = f"halving the learning rate after every {facts.HALVE_EVERY} epochs helps"
    gains = _gains(evidence, HUNDRED, HUNDRED_HALVING)
    if not gains:
        return Finding(claim, NOT_MEASURED)
    measured = {framework: f"{_text(each)} after 100 epochs" for framework, each in gains.items()}
    elsewhere = _gains(evidence, *(lecture(100, halving=halving, learning_rate=1e-3) for halving in (False, True)))
    texts = [f"{FRAMEWORKS[framework]} {_text(each)}" for framework, each in elsewhere.items()]
    remark = sentences(f"begun at 1e-3 instead: {', '.join(texts)}" if texts else "", _stands_still(evidence))
    return Finding(claim, of_frameworks(_verdict(each) for each in gains.values()), measured, remark)


def _stands_still(evidence: Evidence) -> str:
    """From which epoch on no parameter changes, in runs that are long enough; empty where there are none."""
    runs = [run for own in evidence.by_framework(LONG.name).values() for run in own if run.moved]
    last = [max((epoch for epoch, moved in enumerate(run.moved, start=1) if moved), default=0) for run in runs]
    still = sorted({epoch + 1 for epoch, run in zip(last, runs, strict=True) if epoch < len(run.moved)})
    if not still:
        return ""
    when = f"epoch {still[0]}" if len(still) == 1 else f"epochs {still[0]} to {still[-1]}"
    return f"from {when} on no parameter changes: a step is below the last place of every weight"


def _verdict(gains: Sequence[float]) -> str:
    interval = difference_interval(gains)  # of one pair it is all numbers
    return REPRODUCED if interval.low > 0 else NOT_REPRODUCED if interval.high < 0 else UNDECIDED


def _gains(evidence: Evidence, without: Recipe, halved: Recipe) -> dict[str, list[float]]:
    """By framework, final accuracy with it less that without, fractions, of those seeds that both have."""
    found = {}
    for framework in FRAMEWORKS:
        base = {run.seed: run.final_accuracy for run in evidence.of(framework, without.name)}
        runs = [run for run in evidence.of(framework, halved.name) if run.seed in base]
        if runs:
            found[framework] = [run.final_accuracy - base[run.seed] for run in runs]
    return found


def _text(gains: Sequence[float]) -> str:
    interval = difference_interval(gains)
    spread = f"{range_text(interval)}, {len(gains)} seeds" if len(gains) > 1 else "one seed"
    return f"{points(interval.mean)} points ({spread})"
