"""Does it get better with every epoch?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean

from bench.lecture.claims.finding import Finding, of_runs, sentences
from bench.lecture.evidence import Evidence
from bench.lecture.monotony import setbacks, smoothing_window
from bench.training.run import TrainingRun
from impls.spec import HUNDRED_HALVING, LECTURE, Recipe

LATE = 20
"""Epochs at the end of a long run that show how saturated it is."""


def loss(evidence: Evidence) -> Finding:
    """The mean training loss falls with every epoch."""
    claim = "the loss falls monotonically"
    return _finding(evidence, claim, LECTURE, lambda run: [-value for value in run.losses], "{:.4f}")


def accuracy(evidence: Evidence) -> Finding:
    """The accuracy on the test set rises with every epoch."""
    claim = "the accuracy rises monotonically"
    return _finding(evidence, claim, LECTURE, lambda run: _percent(run.accuracy_per_epoch), "{:.2f} points")


def halving(evidence: Evidence) -> Finding:
    """With the learning rate halved again and again, it approaches saturation monotonically."""
    claim = "with the rate halved, the accuracy approaches saturation monotonically"
    found = _finding(evidence, claim, HUNDRED_HALVING, lambda run: _percent(run.accuracy_per_epoch), "{:.2f} points")
    late = [_percent(run.accuracy_per_epoch[-LATE:]) for own in _all(evidence, HUNDRED_HALVING) for run in own]
    if not late:
        return found
    within = max(max(values) - min(values) for values in late)
    late_text = f"over the last {LATE} epochs it stays within {within:.2f} points"
    return Finding(claim, found.verdict, found.measured, sentences(found.remark, late_text))


def _percent(fractions: Sequence[float]) -> list[float]:
    return [100 * fraction for fraction in fractions]


def _all(evidence: Evidence, recipe: Recipe) -> list[list[TrainingRun]]:
    return list(evidence.by_framework(recipe.name).values())


def _finding(
    evidence: Evidence, claim: str, recipe: Recipe, rising: Callable[[TrainingRun], Sequence[float]], form: str
) -> Finding:
    """Whether something rises with every epoch of a run; refuted by runs in which it falls.

    Args:
        evidence: of a device.
        claim: in words.
        recipe: whose runs to look at.
        rising: what should rise, of a run.
        form: shows by how much it fell.
    """
    found = {f: [setbacks(rising(run)) for run in runs] for f, runs in evidence.by_framework(recipe.name).items()}
    measured = {
        framework: f"in {sum(not each for each in runs)} of {len(runs)} runs; {fmean(map(len, runs)):.1f} setbacks each"
        for framework, runs in found.items()
    }
    every = [each for runs in found.values() for each in runs]
    verdict = of_runs({framework: [not each for each in runs] for framework, runs in found.items()})
    if not any(every):
        return Finding(claim, verdict, measured)
    worst = max(step for each in every for step in each)
    window = smoothing_window([rising(run) for own in _all(evidence, recipe) for run in own])
    smooth = f"the mean of {window} epochs in a row rises in every run" if window else "no running mean does better"
    return Finding(claim, verdict, measured, sentences(f"set back by up to {form.format(worst)}", smooth))
