"""Does it only confuse objects that look alike, and is it still much better than guessing?"""

from __future__ import annotations

from statistics import fmean

import numpy as np

from bench.lecture.claims.finding import Finding, of_runs
from bench.lecture.evidence import FRAMEWORKS, Evidence
from bench.training.run import TrainingRun
from impls.spec import CLASSES, LECTURE

VEHICLES = (0, 1, 8, 9)
"""airplane, automobile, ship, truck; CIFAR-10's other six classes are animals."""

GUESS = 1 / CLASSES
MUCH_BETTER = 3.0
"""Times a guess. The lecture gives no number."""


def similar(evidence: Evidence) -> Finding:
    """In every run, more errors stay within vehicles and within animals than chance explains (`within_by_chance`)."""
    claim = "what it gets wrong it takes for something that looks alike"
    held, measured = {}, {}
    for framework, runs in recorded(evidence).items():
        found = [np.array(run.confusion) for run in runs]
        shares, chances = [within(each) for each in found], [within_by_chance(each) for each in found]
        held[framework] = [share > chance for share, chance in zip(shares, chances, strict=True)]
        within_text = f"{fmean(shares):.1%} of all errors stay within their kind"
        measured[framework] = f"{within_text}, by chance {fmean(chances):.1%} ({len(runs)} runs)"
    return Finding(claim, of_runs(held), measured)


def better_than_a_guess(evidence: Evidence) -> Finding:
    """In every run, the accuracy after the tenth epoch is at least three times that of a guess."""
    claim = "it is much better than a random guess"
    held, measured = {}, {}
    for framework, runs in evidence.by_framework(LECTURE.name).items():
        held[framework] = [run.final_accuracy >= MUCH_BETTER * GUESS for run in runs]
        measured[framework] = f"{fmean(run.final_accuracy for run in runs) / GUESS:.1f} times a guess"
    return Finding(claim, of_runs(held), measured)


def within(confusion: np.ndarray) -> float:
    """The share of all errors that stay within vehicles or within animals.

    Args:
        confusion: (10, 10) images by true class and predicted class.
    """
    errors = _errors(confusion)
    return float((errors * _SAME).sum() / errors.sum())


def within_by_chance(confusion: np.ndarray) -> float:
    """The same share if a wrong answer said nothing of the true class.

    Each class has as many errors as it has, and they go to the other classes as often as these are answered wrongly
    in all: a network that prefers animals is not taken for one that knows them.

    Args:
        confusion: as `within`.
    """
    errors = _errors(confusion)
    wrongly = errors.sum(axis=0)[None, :] * (1 - np.eye(CLASSES))
    expected = errors.sum(axis=1, keepdims=True) * wrongly / wrongly.sum(axis=1, keepdims=True)
    return float((expected * _SAME).sum() / errors.sum())


def _errors(confusion: np.ndarray) -> np.ndarray:
    return np.asarray(confusion * (1 - np.eye(CLASSES)), np.float64)


_IS_VEHICLE = np.isin(np.arange(CLASSES), VEHICLES)
_SAME = _IS_VEHICLE[:, None] == _IS_VEHICLE[None, :]
"""(10, 10) whether two classes are of one kind."""


def recorded(evidence: Evidence) -> dict[str, list[TrainingRun]]:
    """By framework, its variant with the most runs by the lecture's recipe that recorded what they take for what."""
    found: dict[str, list[TrainingRun]] = {}
    for label, runs in evidence.runs.get(LECTURE.name, {}).items():
        own, framework = [run for run in runs if run.confusion], label.partition(":")[0]
        if own and framework in FRAMEWORKS and len(own) > len(found.get(framework, [])):
            found[framework] = own
    return {framework: found[framework] for framework in FRAMEWORKS if framework in found}
