"""How much of a gap in accuracy between the frameworks comes from their default initial parameters?

PyTorch draws weights and biases uniformly, Flax draws weights LeCun-normal and sets biases to zero (`impls.spec`).
A comparison of the two as people write it changes the framework and the initial parameters at the same time. Here each
framework is trained from both, and the gap split into the two effects. Each effect is the mean of its two ways, with
the other factor as in PyTorch and as in Flax, so that the two add up to the gap exactly (the Shapley value of a game
of two; L. S. Shapley, "A value for n-person games", 1953).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from bench.lecture.evidence import FRAMEWORKS, Evidence
from bench.training.run import TrainingRun
from impls.spec import LECTURE, SCHEMES, lecture

AFTER = (1, LECTURE.epochs)
"""Epochs after which accuracies are compared."""


@dataclass(frozen=True)
class Gap:
    """Flax from its own default initial parameters less PyTorch from its own, seed by seed; fractions.

    Attributes:
        learning_rate: Adam's.
        epoch: after which accuracies are compared.
        pytorch: accuracies of PyTorch from its default initial parameters.
        flax: of Flax from its own.
        gap: their differences.
        from_initial: the part that the initial parameters make.
        from_framework: the part that the framework makes.
    """

    learning_rate: float
    epoch: int
    pytorch: list[float]
    flax: list[float]
    gap: list[float]
    from_initial: list[float]
    from_framework: list[float]


def gaps(evidence: Evidence) -> list[Gap]:
    """A gap for each learning rate and epoch of which there are seeds in all four combinations."""
    found = []
    for rate in (LECTURE.learning_rate, 1e-3):
        runs: dict[tuple[str, str], dict[int, TrainingRun]] = {}
        for framework in FRAMEWORKS:
            by_initial = {i: lecture(learning_rate=rate, initial=i).name for i in SCHEMES}
            label = _in_common(evidence, framework, by_initial.values())
            for initial, recipe in by_initial.items():
                runs[framework, initial] = {run.seed: run for run in evidence.runs.get(recipe, {}).get(label, [])}
        seeds = sorted(set.intersection(*(set(own) for own in runs.values())))
        if seeds:
            found += [_gap(rate, epoch, seeds, runs) for epoch in AFTER]
    return found


def _in_common(evidence: Evidence, framework: str, recipes: Collection[str]) -> str:
    """The variant of a framework with the most runs by that of these recipes of which it has the fewest."""
    series = [evidence.runs.get(recipe, {}) for recipe in recipes]
    labels = sorted({label for own in series for label in own if label.startswith(f"{framework}:")})
    return max(labels, key=lambda label: min(len(own.get(label, [])) for own in series), default="")


def _gap(rate: float, epoch: int, seeds: list[int], runs: dict[tuple[str, str], dict[int, TrainingRun]]) -> Gap:
    def accuracies(framework: str, initial: str) -> list[float]:
        return [runs[framework, initial][seed].accuracy_per_epoch[epoch - 1] for seed in seeds]

    p_p, p_f = accuracies("pytorch", "pytorch"), accuracies("pytorch", "flax")
    f_p, f_f = accuracies("flax", "pytorch"), accuracies("flax", "flax")

    def of_each(effect: Callable[[float, float, float, float], float]) -> list[float]:
        return [effect(*four) for four in zip(p_p, p_f, f_p, f_f, strict=True)]

    return Gap(
        rate,
        epoch,
        p_p,
        f_f,
        of_each(lambda pp, pf, fp, ff: ff - pp),
        of_each(lambda pp, pf, fp, ff: ((pf - pp) + (ff - fp)) / 2),
        of_each(lambda pp, pf, fp, ff: ((fp - pp) + (ff - pf)) / 2),
    )
