"""How much did a time change between two runs, and is that beyond noise?

A machine's speed differs from run to run by more than any difference worth finding, so every time is first divided by
that of the control in the same block: a bare script that no change of this project's code touches. Fresh
processes of the same program differ from each other by some 2 % for reasons of memory layout, which rounds within one
process cannot show, so a block of fresh processes is the unit: it counts once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import numpy as np

FAMILY_LEVEL = 0.01
"""How often two runs of the same thing may be told apart anywhere: once in a hundred times, however many rows."""

SLOWER, FASTER = "slower", "faster"
SAME = "no difference beyond noise"
NOT_JUDGED = "not judged"


@dataclass(frozen=True)
class Measure:
    """A time that is judged.

    Attributes:
        name: of the figure.
        kind: of the rows that have it.
        key: its seconds in such a row.
        per_block: whether there is one a block rather than one for each of its rounds.
    """

    name: str
    kind: str
    key: str
    per_block: bool = False


MEASURES = (
    Measure("start-up", "first epoch", "start_seconds"),
    Measure("first epoch", "first epoch", "first_epoch_seconds"),
    Measure("epoch", "epoch", "epoch_seconds"),
    Measure("evaluation", "evaluation", "eval_seconds"),
    Measure("latency, batch 1", "evaluation", "latency_seconds_batch_1", per_block=True),
    Measure("latency, batch 100", "evaluation", "latency_seconds_batch_100", per_block=True),
)


@dataclass(frozen=True)
class Figure:
    """One time of one variant in both runs.

    Attributes:
        label: of the variant.
        measure: which time.
        old: median seconds in the old run or build, at the speed that the machine then had; None where it has none.
        new: likewise in the new one.
        change: of the time, in two runs relative to the control's; a fraction, positive where slower, or None.
        low: lower end of its 95 % interval, for this figure by itself.
        high: upper end, likewise.
        p: the p-value of the t-test against "no change"; None where not judged.
        errors: standard errors of the change in logs, each with its degrees of freedom. The change must be beyond all.
        needed: the change, a fraction, from which on it would have been told from noise here.
        verdict: `SLOWER`, `FASTER`, `SAME` or `NOT_JUDGED`.
        reason: why it is not judged.
    """

    label: str
    measure: Measure
    old: float | None
    new: float | None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    errors: tuple[tuple[float, float], ...] = ()
    needed: float | None = None
    verdict: str = NOT_JUDGED
    reason: str = ""


@dataclass(frozen=True)
class Repeats:
    """How far runs of one commit lie apart, by chance alone, in one time of one variant.

    Attributes:
        deviation: of the runs' means, in logs of the time relative to the control's.
        runs: how many there were.
        blocks: that each of them had.
    """

    deviation: float
    runs: int
    blocks: int

    def error(self, old: int, new: int) -> float:
        """The standard error of a change between runs of so many blocks, in logs.

        A run's mean scatters by what is the run's own, and by what is its blocks' own over their number. Where the
        runs have more blocks than the repeats had, they are taken to have as many; so it is never too small.
        """
        return self.deviation * math.sqrt(max(1.0, self.blocks / old) + max(1.0, self.blocks / new))


def figure(
    label: str, measure: Measure, old: dict[str, Any], new: dict[str, Any], repeats: Repeats | None = None
) -> Figure:
    """A time with its change from one run to another; `with_verdicts` is still to judge it.

    It must pass two tests: Welch's on the blocks of both rows, and one on what repeated runs of one commit differ by.
    Blocks of a run share what is the run's own, so the first alone finds changes where there are none. Without
    repeats there is a change with an interval over blocks, and no verdict.

    Args:
        label: of the variant.
        measure: which time.
        old: the row of the old run, under the names of schema 2.
        new: likewise of the new run.
        repeats: of this time of this variant on this machine; None where there are none.
    """
    found = Figure(label, measure, _median(measure, old), _median(measure, new))
    for which, row in (("old", old), ("new", new)):
        if lacking := _lacking(measure, row):
            return replace(found, reason=f"{which} run: {lacking}")
    before, after = (block_logs(measure, row) for row in (old, new))
    if min(np.ptp(before), np.ptp(after)) < 1e-9:
        return replace(found, reason="blocks without any noise")
    parts = [(float(side.var(ddof=1)) / len(side), len(side) - 1) for side in (before, after)]
    error = math.sqrt(sum(part for part, _ in parts))
    errors = [(error, error**4 / sum(part**2 / freedom for part, freedom in parts))]
    if repeats:
        errors.append((repeats.error(len(before), len(after)), repeats.runs - 1))
    return _tested(found, float(after.mean() - before.mean()), errors, judged=repeats is not None)


def _tested(found: Figure, mean: float, errors: Sequence[tuple[float, float]], *, judged: bool) -> Figure:
    """A figure with its change, the widest of its intervals and the largest of its p-values."""
    from scipy import stats  # half a second to import, which no other command should cost

    half = max(float(stats.t.isf(0.025, freedom)) * error for error, freedom in errors)
    p = max(2 * float(stats.t.sf(abs(mean) / error, freedom)) if error else 0.0 for error, freedom in errors)
    change, low, high = map(_fraction, (mean, mean - half, mean + half))
    known = replace(found, change=change, low=low, high=high, errors=tuple(errors))
    return replace(known, p=p, verdict=SAME) if judged else known


def repeats_of(measure: Measure, rows: Sequence[dict[str, Any]]) -> Repeats | None:
    """How far repeated runs lie apart in one time; None where fewer than two of them have it.

    Args:
        measure: which time.
        rows: the same variant's, one of each run.
    """
    logs = [block_logs(measure, row) for row in rows if not _lacking(measure, row)]
    if len(logs) < 2:
        return None
    means = np.array([each.mean() for each in logs])
    return Repeats(float(means.std(ddof=1)), len(logs), max(len(each) for each in logs))


def paired_figure(
    label: str, measure: Measure, old: Sequence[Sequence[float]], new: Sequence[Sequence[float]]
) -> Figure:
    """A time with its change, by Student's t-test on blocks that both builds shared; `with_verdicts` is still to judge.

    Each block counts once, by the `middle` over its rounds of the log of the new seconds over the old ones. Effects of
    the run and of the round are in both and cancel. A mean would pass on to the whole block what now and then doubles
    the seconds of one round.

    Args:
        label: of the variant.
        measure: which time.
        old: seconds of the old build, for each block a list, one value a round.
        new: likewise of the new one, of the same rounds.
    """
    if not old:
        return Figure(label, measure, None, None, reason="not measured")
    before, after = (median(seconds for block in side for seconds in block) for side in (old, new))
    found = Figure(label, measure, before, after)
    if min(s for side in (old, new) for block in side for s in block) <= 0:
        return replace(found, reason="a time of 0 s")
    if len(old) < 2:
        return replace(found, reason="only 1 block")
    if any(len(a) != len(b) for a, b in zip(old, new, strict=True)):
        return replace(found, reason="another number of rounds in one of the builds")
    logs = np.array([middle(np.log(b) - np.log(a)) for a, b in zip(old, new, strict=True)])
    if np.ptp(logs) < 1e-9:
        return replace(found, reason="blocks without any noise")

    error = float(logs.std(ddof=1)) / math.sqrt(len(logs))
    return _tested(found, float(logs.mean()), [(error, len(logs) - 1)], judged=True)


def middle(values: np.ndarray) -> float:
    """The Hodges-Lehmann estimate of the middle of values (n,): the median of all pairs' means, each with itself.

    Values far out hardly move it; of normal ones it is nearly as sure as the mean (J. L. Hodges and E. L. Lehmann,
    "Estimates of location based on rank tests", Annals of Mathematical Statistics 34, 1963).
    """
    first, second = np.triu_indices(len(values))
    return float(np.median((values[first] + values[second]) / 2))


def _fraction(log: float) -> float:
    """A change in logs as a fraction; what two blocks leave open may be more than a float can hold."""
    return math.expm1(min(log, 100.0))


def _median(measure: Measure, row: dict[str, Any]) -> float | None:
    return median(row[measure.key]) if measure.key in row else None


def _lacking(measure: Measure, row: dict[str, Any]) -> str:
    """Why this time of a row cannot be judged; empty where it can."""
    if measure.key not in row:
        return "not measured"
    if "control_seconds" not in row:
        return "no control"
    if min(*row[measure.key], *row["control_seconds"]) <= 0:
        return "a time of 0 s"
    blocks = len(set(_blocks(row)))
    if measure.per_block and len(row[measure.key]) < blocks:  # which of them is not known
        return "missing in a block"
    return "" if blocks > 1 else "only 1 block"


def _blocks(row: dict[str, Any]) -> Sequence[int]:
    """The block of every round; each first epoch of a fresh process is one by itself."""
    return row.get("blocks", range(len(row["control_seconds"])))


def block_logs(measure: Measure, row: dict[str, Any]) -> np.ndarray:
    """For each block, (blocks,): the mean log of its seconds over the mean of the control's in that block."""
    of_rounds = np.asarray(_blocks(row))
    names = list(dict.fromkeys(of_rounds.tolist()))
    of_values = np.asarray(names) if measure.per_block else of_rounds
    logs, control = np.log(row[measure.key]), np.asarray(row["control_seconds"])
    return np.array([logs[of_values == name].mean() - np.log(control[of_rounds == name].mean()) for name in names])


def with_verdicts(figures: Sequence[Figure]) -> list[Figure]:
    """The figures with their verdicts, which depend on how many are judged at once."""
    family = [figure.p for figure in figures if figure.p is not None]
    found = iter(holm(family, FAMILY_LEVEL))
    return [_judged(figure, len(family), next(found)) if figure.p is not None else figure for figure in figures]


def _judged(figure: Figure, family: int, changed: bool) -> Figure:
    """A figure with its verdict, and how much it had to change for another one."""
    from scipy import stats

    assert figure.change is not None
    needed = max(stats.t.isf(FAMILY_LEVEL / family / 2, freedom) * error for error, freedom in figure.errors)
    verdict = (SLOWER if figure.change > 0 else FASTER) if changed else SAME
    return replace(figure, verdict=verdict, needed=_fraction(needed))


def slower_than(figures: Sequence[Figure], percent: float) -> list[Figure]:
    """Figures that are slower, and whose whole 95 % interval lies above so many percent.

    Without any change the first condition alone keeps errors to `FAMILY_LEVEL`. A figure that is slower by exactly
    ``percent`` is found in 2.5 % of comparisons, for its interval is a figure's own.
    """
    return [
        figure
        for figure in figures
        if figure.verdict == SLOWER and figure.low is not None and 100 * figure.low > percent
    ]


def holm(p_values: Sequence[float], level: float) -> list[bool]:
    """Which of several tests find something, so that all of them together err no more often than ``level``.

    Whatever the tests have in common: S. Holm, "A simple sequentially rejective multiple test procedure",
    Scandinavian Journal of Statistics 6, 1979.

    Args:
        p_values: of the tests.
        level: the chance that any of them may find something where there is nothing.
    """
    found = [False] * len(p_values)
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        if p_values[index] > level / (len(p_values) - rank):
            break
        found[index] = True
    return found
