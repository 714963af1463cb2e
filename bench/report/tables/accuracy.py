"""Accuracy over paired seeds as tables and sentences, made from stored runs alone."""

from __future__ import annotations

import math

from bench.report.tables.cells import NOTHING
from bench.report.tables.table import Table
from bench.stats.equivalence import MARGIN, p_text, points, range_text
from bench.stats.student import Interval
from bench.training.paired import Comparison, PairedAccuracy

READING = f"""Each seed has its own initial parameters and order, the same for every variant, so variants are compared
seed by seed. The *twin* is a variant started one unit in the last place beside itself: what becomes of that, becomes
of any difference in rounding. *Equivalent* means that the mean difference is shown to be less than
{100 * MARGIN:.1f} points either way: its 90 % interval lies within (two one-sided tests at 5 %, Schuirmann 1987).
*Different* means that its 95 % interval lies wholly outside. All intervals are Student's t, over seeds. The root mean
square of a handful of differences is itself known but roughly.
"""


def seeds_table(found: PairedAccuracy) -> Table:
    """Accuracy after the last epoch in percent: a row per seed, a column per variant, and the means below."""
    series = found.all_series()
    seeds = sorted({seed for one in series for seed in one.runs})
    rows = [
        [str(seed), *(f"{100 * one.runs[seed].final_accuracy:.2f}" if seed in one.runs else NOTHING for one in series)]
        for seed in seeds
    ]
    rows.append(["mean (95 % interval)", *(percent_text(one.mean) for one in series)])
    if len({len(one.runs) for one in series}) > 1:
        rows.append(["seeds", *(str(len(one.runs)) for one in series)])
    return Table(["seed", *(one.title for one in series)], rows)


def percent_text(interval: Interval) -> str:
    """A mean accuracy in percent, with its interval."""
    if math.isinf(interval.low):
        return f"{100 * interval.mean:.2f} (one seed)"
    return f"{100 * interval.mean:.2f} ({100 * interval.low:.2f}–{100 * interval.high:.2f})"


def difference_table(found: PairedAccuracy) -> Table | None:
    """Each variant less the baseline, in points, the baseline's twin first; None where there is no pair at all."""
    compared = [comparison for comparison in (found.control, *found.comparisons) if comparison.differences]
    if not compared:
        return None
    header = [
        f"less {found.baseline.title}, points",
        "pairs",
        "mean difference (95 % interval)",
        "90 % interval",
        "TOST p",
        f"verdict at ±{100 * MARGIN:.1f}",
    ]
    return Table(header, [_difference_row(comparison) for comparison in compared])


def _difference_row(comparison: Comparison) -> list[str]:
    found = comparison.equivalence
    assert found
    name, pairs, mean = comparison.title, str(found.pairs), points(found.mean)
    if found.standard_deviation is None:
        return [name, pairs, f"{mean} (one pair)", NOTHING, NOTHING, found.verdict]
    more = f" (about {found.further_pairs} more seeds)" if found.further_pairs else ""
    interval95, interval90 = range_text(found.interval95), range_text(found.interval90)
    p = NOTHING if found.p is None else p_text(found.p)
    return [name, pairs, f"{mean} ({interval95})", interval90, p, found.verdict + more]


def control_sentence(found: PairedAccuracy) -> str | None:
    """Whether variants differ from the baseline by more than it differs from its twin; None where nothing tells.

    A description of these runs and no test: of a handful of seeds, a root mean square is not known well.
    """
    parts = []
    for comparison in found.comparisons:
        if not (seeds := sorted(comparison.differences.keys() & found.control.differences.keys())):
            continue
        theirs, own = (100 * each.root_mean_square(seeds) for each in (comparison, found.control))
        size = "as much as" if math.isclose(theirs, own) else "more than" if theirs > own else "less than"
        over = f"over {len(seeds)} seeds" if len(seeds) > 1 else f"from seed {seeds[0]} alone"
        parts.append(
            f"{comparison.title} differs from {found.baseline.title} by {theirs:.3f} points {over}, {size} "
            f"{found.baseline.title} differs from itself when started 1 ulp away ({own:.3f})"
        )
    return f"By the root mean square of the differences, {'; '.join(parts)}." if parts else None


def accuracy_sentence(found: PairedAccuracy) -> str | None:
    """The baseline's accuracy in percent, and how far off the others are; None where the baseline was not trained."""
    base = found.baseline
    if not base.runs:
        return None
    apart = []
    for comparison in found.comparisons:
        if (equivalence := comparison.equivalence) is None:
            continue
        known = "one pair" if equivalence.standard_deviation is None else range_text(equivalence.interval95)
        apart.append(f"{comparison.title} {points(equivalence.mean)} ({known}), {equivalence.verdict}")
    others = f" Less that, in points: {'; '.join(apart)}." if apart else ""
    return f"{base.title} {percent_text(base.mean)}.{others}"
