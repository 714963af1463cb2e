"""Accuracy over paired seeds as tables and sentences, made from stored runs alone."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench import stored_runs
from bench.accuracy import Comparison, PairedAccuracy, arranged
from bench.parity.equivalence import MARGIN, Interval, p_text, points, range_text
from bench.report.tables import NOTHING, Table
from bench.training_run import TrainingRun

READING = f"""Each seed has its own initial parameters and order, the same for every variant, so variants are compared
seed by seed. The *twin* is a variant started one unit in the last place beside itself: what becomes of that, becomes
of any difference in rounding. *Equivalent* means that the mean difference is shown to be less than
{100 * MARGIN:.1f} points either way: its 90 % interval lies within (two one-sided tests at 5 %, Schuirmann 1987).
*Different* means that its 95 % interval lies wholly outside. All intervals are Student's t, over seeds. The root mean
square of a handful of differences is itself known but roughly.
"""


@dataclass(frozen=True)
class Section:
    """Runs on one device, under one precision and recipe, on one data set; never mixed with another's.

    Attributes:
        runs: that are shown, oldest first.
        left_out: which others there are, and why they are not shown, a sentence each.
    """

    runs: list[TrainingRun]
    left_out: list[str]

    @property
    def title(self) -> str:
        """How many seeds, on what, and what is out of the ordinary."""
        run, seeds = self.runs[0], len({run.seed for run in self.runs})
        made_up = ", made-up images" if run.made_up else ""
        counted = f"{seeds} seed{'s' if seeds > 1 else ''}"
        return f"Accuracy over {counted}: {run.device_name}, {run.precision}, recipe {run.recipe}{made_up}"

    @property
    def versions(self) -> dict[str, str]:
        """Of everything that the runs shown were made with."""
        return {package: version for run in self.runs for package, version in run.versions.items()}


def sections(results: Path) -> list[Section]:
    """What the runs under a folder of results make, real data first."""
    groups: dict[tuple[object, ...], list[TrainingRun]] = {}
    for machine, run in stored_runs.read_all(results):
        place = (run.made_up, run.device_name, run.precision, run.recipe, run.batch_size, run.data_fingerprint)
        groups.setdefault((*place, run.device, machine), []).append(run)
    return [newest(groups[key]) for key in sorted(groups)]


def newest(runs: Iterable[TrainingRun]) -> Section:
    """Of runs that differ in versions and code, the newest and those that agree with them.

    A variant's runs must all be of the same code and versions, its twin's too; and no two variants may be of different
    versions of a package, which may be Python or NumPy, that both use.
    """
    code: dict[str, str] = {}
    versions: dict[str, str] = {}
    shown: list[TrainingRun] = []
    left_out: dict[tuple[str, str], list[int]] = {}
    for run in sorted(runs, key=lambda run: run.date, reverse=True):
        clashes = [
            f"{package} {version} and not {versions[package]}"
            for package, version in sorted(run.versions.items())
            if versions.get(package, version) != version
        ]
        if code.get(run.label, run.code) != run.code:
            clashes.append("other code")
        if clashes:
            left_out.setdefault((run.title, " and ".join(clashes)), []).append(run.seed)
            continue
        code[run.label] = run.code
        versions |= run.versions
        shown.insert(0, run)
    sentences = [
        f"Left out, because newer runs take their place in the comparison: {title}, "
        f"seed{'s' if len(seeds) > 1 else ''} {', '.join(map(str, sorted(seeds)))} ({why})."
        for (title, why), seeds in sorted(left_out.items())
    ]
    return Section(shown, sentences)


def accuracies(section: Section) -> PairedAccuracy:
    """A section's runs in series, in an order that does not depend on when they were made."""
    return arranged(sorted(section.runs, key=lambda run: (run.label, run.twin, run.date)))


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
    if found.p is None:
        return [name, pairs, f"{mean} (one pair)", NOTHING, NOTHING, found.verdict]
    more = f" (about {found.further_pairs} more seeds)" if found.further_pairs else ""
    interval95, interval90 = range_text(found.interval95), range_text(found.interval90)
    return [name, pairs, f"{mean} ({interval95})", interval90, p_text(found.p), found.verdict + more]


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
