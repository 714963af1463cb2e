"""How accurate is it after 1, 10 and 100 epochs?"""

from __future__ import annotations

from statistics import fmean

from bench.lecture import facts
from bench.lecture.claims.finding import DEPENDS, NOT_MEASURED, Finding, mean_text, of_all, sentences
from bench.lecture.evidence import FRAMEWORKS, Evidence
from bench.lecture.prediction import prediction_interval
from bench.training_run import TrainingRun
from impls.recipe import HUNDRED, LECTURE, lecture

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


def after_the_tenth(evidence: Evidence) -> Finding:
    """0.45 or more at the end."""
    claim = f"{facts.LAST_ACCURACY:.0%} or more after the tenth"
    held, measured = [], {}
    for framework, runs in evidence.by_framework(LECTURE.name).items():
        values = [run.final_accuracy for run in runs]
        enough = [value >= facts.LAST_ACCURACY for value in values]
        held += enough
        measured[framework] = f"{mean_text(values)}; {sum(enough)} of {len(enough)} reach it"
    verdict = of_all(held)
    if verdict != DEPENDS:
        return Finding(claim, verdict, measured)
    longer = [run for runs in evidence.by_framework(HUNDRED.name).values() for run in runs]
    epoch = _from_which_all_are_past(longer)
    takes = f"all of {len(longer)} longer runs stay above it from epoch {epoch} on" if epoch else ""
    return Finding(claim, verdict, measured, sentences("on the run", takes))


def _from_which_all_are_past(runs: list[TrainingRun]) -> int | None:
    """The epoch, from 1, from which on no run is below the lecture's last accuracy; None where there is none."""
    below = [e for run in runs for e, a in enumerate(run.accuracy_per_epoch, start=1) if a < facts.LAST_ACCURACY]
    epoch = max(below, default=0) + 1
    return epoch if runs and epoch <= min(len(run.losses) for run in runs) else None


def after_a_hundred(evidence: Evidence) -> Finding:
    """Much above 80 % after 100 epochs."""
    said = facts.HUNDRED_EPOCHS_ACCURACY
    claim = f"a hundred epochs bring it far above {said:.0%}"
    held, measured, best = [], {}, 0.0
    for framework, runs in evidence.by_framework(HUNDRED.name).items():
        values = [run.final_accuracy for run in runs]
        held += [value > said for value in values]
        top = max(max(run.accuracy_per_epoch) for run in runs)
        best = max(best, top)
        measured[framework] = f"{mean_text(values)}; never above {top:.1%}"
    if not held:
        return Finding(claim, NOT_MEASURED)
    short = f"{100 * (said - best):.1f} points short at best" if best < said else ""
    return Finding(claim, of_all(held), measured, sentences(short, _at_the_usual_rate(evidence), _takes(evidence)))


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
