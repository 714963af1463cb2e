"""Does training for a thousand epochs bring a decent accuracy, and a much lower loss?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean

from bench.lecture.claims.finding import Finding, of_runs
from bench.lecture.evidence import FRAMEWORKS, Evidence
from bench.training.run import TrainingRun
from impls.spec import HUNDRED, LECTURE, lecture

THOUSAND = lecture(1000)

MUCH_LOWER = 0.5
"""A loss is much lower if it is less than half of the other. The lecture gives no number."""


def accuracy(evidence: Evidence) -> Finding:
    """In every run, the accuracy after a thousand epochs is at least that after a hundred.

    The lecture says "hundred or maybe 1000" epochs in one breath, so what a hundred bring is what it calls decent.
    """
    claim = f"a thousand epochs bring a decent accuracy, at least that of {HUNDRED.epochs}"
    runs = evidence.by_framework(THOUSAND.name)
    held, measured = {}, {}
    for framework, own in runs.items():
        early = [run.accuracy_per_epoch[HUNDRED.epochs - 1] for run in own]
        held[framework] = [run.final_accuracy >= value for run, value in zip(own, early, strict=True)]
        late = fmean(run.final_accuracy for run in own)
        measured[framework] = f"{fmean(early):.1%} after {HUNDRED.epochs}, {late:.1%} after 1,000 ({_count(own)})"
    best = [(FRAMEWORKS[f], run, max(run.accuracy_per_epoch)) for f, own in runs.items() for run in own]
    tops = [f"{name}, seed {run.seed}: {top:.1%} {_when(run.accuracy_per_epoch, top)}" for name, run, top in best]
    return Finding(claim, of_runs(held), measured, f"at its best {'; '.join(tops)}" if tops else "")


def training_loss(evidence: Evidence) -> Finding:
    """In every run, the training loss of the last epoch is less than half of that of the tenth."""
    return _loss(evidence, "a thousand epochs bring a much lower loss on the training images", lambda run: run.losses)


def test_loss(evidence: Evidence) -> Finding:
    """In every run, the loss on the test images after the last epoch is less than half of that after the tenth.

    The lecture shows the training loss alone.
    """
    return _loss(evidence, "and on the test images", lambda run: run.test_losses)


def _loss(evidence: Evidence, claim: str, losses: Callable[[TrainingRun], Sequence[float]]) -> Finding:
    held, measured, lows = {}, {}, []
    for framework, runs in evidence.by_framework(THOUSAND.name).items():
        own = [run for run in runs if losses(run)]
        if not own:
            continue
        early, late = ([losses(run)[epoch - 1] for run in own] for epoch in (LECTURE.epochs, THOUSAND.epochs))
        held[framework] = [after < MUCH_LOWER * before for before, after in zip(early, late, strict=True)]
        both = f"{fmean(early):.3f} after {LECTURE.epochs}, {fmean(late):.3f} after 1,000"
        measured[framework] = f"{both} ({_count(own)})"
        for run in own:
            low = min(losses(run))
            lows.append(f"{FRAMEWORKS[framework]}, seed {run.seed}: {low:.3f} {_when(losses(run), low)}")
    return Finding(claim, of_runs(held), measured, f"lowest {'; '.join(lows)}" if lows else "")


def _when(values: Sequence[float], value: float) -> str:
    return f"after epoch {values.index(value) + 1}"


def _count(runs: Sequence[TrainingRun]) -> str:
    return "one run" if len(runs) == 1 else f"{len(runs)} runs"
