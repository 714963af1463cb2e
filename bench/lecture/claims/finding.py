"""A claim and what was found, and the words that all claims share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bench.stats.student import mean_interval, prediction_interval

REPRODUCED, NOT_REPRODUCED, DEPENDS, NOT_MEASURED = "reproduced", "not reproduced", "depends", "not measured"
UNDECIDED = "undecided"
"""There are too few runs, or they scatter too much, to say whether it holds."""

LEVEL = 0.05
"""How often a claim that holds in half of all runs may be called reproduced."""


@dataclass(frozen=True)
class Finding:
    """A claim and what was found.

    Attributes:
        claim: what the lecture says.
        verdict: one of `REPRODUCED`, `NOT_REPRODUCED`, `DEPENDS`, `UNDECIDED`, `NOT_MEASURED`.
        measured: by framework (`bench.lecture.evidence.FRAMEWORKS`), in words.
        remark: by how much it fails and what it would take, measured as well; empty where there is nothing to say.
    """

    claim: str
    verdict: str
    measured: dict[str, str] = field(default_factory=dict)
    remark: str = ""


def of_runs(held: Mapping[str, Sequence[bool]]) -> str:
    """The verdict on a claim about every run, from whether it held in each run of each framework.

    It is reproduced where it holds in more than half of all runs that one could make: where the lower 95 % bound of
    that share is above one half (Clopper and Pearson, Biometrika 26, 1934). That takes five runs in which it holds, or
    nine of ten, so that fewer runs make it harder to pass and not easier. It is not reproduced where it holds in no
    run, and depends where it holds in some of them.
    """
    return of_frameworks(_of_one(runs) for runs in held.values())


def _of_one(held: Sequence[bool]) -> str:
    """The verdict of one framework's runs, of which there is one at least."""
    if not any(held):
        return NOT_REPRODUCED
    if _chance_at_half(sum(held), len(held)) <= LEVEL:
        return REPRODUCED
    return UNDECIDED if all(held) else DEPENDS


def _chance_at_half(held: int, runs: int) -> float:
    """How probable it is that so many runs or more hold where half of all runs would."""
    return sum(math.comb(runs, k) for k in range(held, runs + 1)) / 2**runs


def of_frameworks(verdicts: Iterable[str]) -> str:
    """The verdict on a claim that each framework, or each variant, was asked alone."""
    found = set(verdicts)
    if not found:
        return NOT_MEASURED
    if len(found) == 1:
        return found.pop()
    return DEPENDS if DEPENDS in found or {REPRODUCED, NOT_REPRODUCED} <= found else UNDECIDED


def at_least(values: Sequence[float], said: float) -> str:
    """The verdict on a claim that a run reaches a figure: held against where one more run would fall (95 %).

    Args:
        values: of one framework's runs.
        said: the figure.
    """
    low, high = prediction_interval(values)  # of one run it is all numbers
    if low >= said:
        return REPRODUCED
    if high < said:
        return NOT_REPRODUCED
    return DEPENDS if min(values) < said <= max(values) else UNDECIDED


def mean_text(values: Sequence[float]) -> str:
    """A mean accuracy with its 95 % interval, and of how many runs; values are fractions."""
    interval = mean_interval(values)
    if len(values) == 1:
        return f"{interval.mean:.1%} (one run)"
    return f"{interval.mean:.1%} ({interval.low:.1%} to {interval.high:.1%}, {len(values)} runs)"


def sentences(*parts: str) -> str:
    """The parts that there are, as one remark."""
    return "; ".join(filter(None, parts))
