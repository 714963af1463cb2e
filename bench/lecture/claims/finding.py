"""A claim and what was found, and the words that all claims share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bench.stats.student import mean_interval

REPRODUCED, NOT_REPRODUCED, DEPENDS, NOT_MEASURED = "reproduced", "not reproduced", "depends", "not measured"


@dataclass(frozen=True)
class Finding:
    """A claim and what was found.

    Attributes:
        claim: what the lecture says.
        verdict: one of `REPRODUCED`, `NOT_REPRODUCED`, `DEPENDS`, `NOT_MEASURED`.
        measured: by framework (`bench.lecture.evidence.FRAMEWORKS`), in words.
        remark: by how much it fails and what it would take, measured as well; empty where there is nothing to say.
    """

    claim: str
    verdict: str
    measured: dict[str, str] = field(default_factory=dict)
    remark: str = ""


def of_all(held: Iterable[bool]) -> str:
    """The verdict on a claim about single runs: did it hold in all of them, in none, or in some?"""
    found = list(held)
    if not found:
        return NOT_MEASURED
    return REPRODUCED if all(found) else DEPENDS if any(found) else NOT_REPRODUCED


def mean_text(values: Sequence[float]) -> str:
    """A mean accuracy with its 95 % interval, and of how many runs; values are fractions."""
    interval = mean_interval(values)
    if len(values) == 1:
        return f"{interval.mean:.1%} (one run)"
    return f"{interval.mean:.1%} ({interval.low:.1%} to {interval.high:.1%}, {len(values)} runs)"


def sentences(*parts: str) -> str:
    """The parts that there are, as one remark."""
    return "; ".join(filter(None, parts))
