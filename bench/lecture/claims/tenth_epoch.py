"""45 % or more after the tenth epoch?"""

from __future__ import annotations

from bench.lecture import facts
from bench.lecture.claims.finding import DEPENDS, Finding, at_least, mean_text, of_frameworks, sentences
from bench.lecture.evidence import Evidence
from bench.training.run import TrainingRun
from impls.spec import HUNDRED, LECTURE


def after_the_tenth(evidence: Evidence) -> Finding:
    """0.45 or more at the end.

    Refuted where one more run would fall below it (the 95 % prediction interval over seeds).
    """
    claim = f"{facts.LAST_ACCURACY:.0%} or more after the tenth"
    verdicts, measured = [], {}
    for framework, runs in evidence.by_framework(LECTURE.name).items():
        values = [run.final_accuracy for run in runs]
        verdicts.append(at_least(values, facts.LAST_ACCURACY))
        enough = sum(value >= facts.LAST_ACCURACY for value in values)
        measured[framework] = f"{mean_text(values)}; {enough} of {len(values)} reach it"
    verdict = of_frameworks(verdicts)
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
