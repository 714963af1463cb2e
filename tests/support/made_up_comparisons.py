"""Comparisons of two runs that nobody measured, and what they found."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from bench.results.comparison import Comparison, compare
from bench.results.load import Run
from bench.stats.change import Figure
from made_up_results import Row, run_rows

LABELS = ("pytorch:eager", "flax:jit")
REPEATED = 10


def made_up(rows: list[Row], name: str = "a") -> Run:
    return Run(Path(f"{name}.json"), "2026-01-01", "0123456789", rows, [], 2, None, True, [])


@cache
def repeats() -> tuple[Run, ...]:
    """Ten runs of one commit."""
    return tuple(made_up(run_rows(100 + number, LABELS, blocks=4)) for number in range(REPEATED))


def compared(old: list[Row], new: list[Row], repeated: Sequence[Run] | None = None) -> Comparison:
    """A comparison; unless told otherwise, of a machine with repeats."""
    return compare(made_up(old, "old"), made_up(new, "new"), repeats() if repeated is None else repeated)


def verdicts(found: Comparison) -> dict[tuple[str, str], str]:
    return {(figure.label, figure.measure.name): figure.verdict for figure in found.figures}


def figure(found: Comparison, label: str, name: str) -> Figure:
    return next(each for each in found.figures if (each.label, each.measure.name) == (label, name))
