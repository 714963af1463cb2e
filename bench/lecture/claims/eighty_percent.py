"""Does training for a hundred epochs bring it far above 80 %, and what would?"""

from __future__ import annotations

from statistics import fmean

from bench.lecture import facts
from bench.lecture.claims.finding import (
    NOT_MEASURED,
    Finding,
    at_least,
    mean_text,
    of_frameworks,
    sentences,
)
from bench.lecture.evidence import Evidence
from impls.spec import HUNDRED, lecture


def after_a_hundred(evidence: Evidence) -> Finding:
    """Much above 80 % after 100 epochs.

    Refuted where one more run would fall below 80 % (the 95 % prediction interval over seeds).
    """
    said = facts.HUNDRED_EPOCHS_ACCURACY
    claim = f"a hundred epochs bring it far above {said:.0%}"
    verdicts, measured, best = [], {}, 0.0
    for framework, runs in evidence.by_framework(HUNDRED.name).items():
        values = [run.final_accuracy for run in runs]
        verdicts.append(at_least(values, said))
        top = max(max(run.accuracy_per_epoch) for run in runs)
        best = max(best, top)
        measured[framework] = f"{mean_text(values)}; never above {top:.1%}"
    if not verdicts:
        return Finding(claim, NOT_MEASURED)
    short = f"{100 * (said - best):.1f} points short at best" if best < said else ""
    return Finding(
        claim, of_frameworks(verdicts), measured, sentences(short, _at_the_usual_rate(evidence), _takes(evidence))
    )


def _at_the_usual_rate(evidence: Evidence) -> str:
    """How far a hundred epochs come at Adam's default rate."""
    runs = [run for own in evidence.by_framework(lecture(100, learning_rate=1e-3).name).values() for run in own]
    if not runs:
        return ""
    tops = [max(run.accuracy_per_epoch) for run in runs]
    at = [run.accuracy_per_epoch.index(top) + 1 for run, top in zip(runs, tops, strict=True)]
    when = f"epoch {at[0]}" if len(set(at)) == 1 else f"epochs {min(at)} to {max(at)}"
    end = fmean(run.final_accuracy for run in runs)
    return f"at a rate of 1e-3 {max(tops):.1%} at best, in {when}, and {end:.1%} after 100"


def _takes(evidence: Evidence) -> str:
    """What it would take, if that was looked into."""
    if not evidence.study:
        return ""
    passed = next((step for step in evidence.study["steps"] if step["passed_at"]), None)
    if passed is None:
        return "nothing that was tried passes it, see below"
    return f"the step “{passed['name']}” of what was tried, see below, passes it in epoch {passed['passed_at']}"
