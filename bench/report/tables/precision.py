"""What a precision gains in time and costs in accuracy: each variant in every precision that was measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bench.report.tables.accuracy import percent_text
from bench.report.tables.cells import NOTHING, middle
from bench.report.tables.table import Table
from bench.results.load import Device
from bench.stats.equivalence import difference_interval, points, range_text
from bench.training.equivalent_code import same_code
from bench.training.paired import Series
from bench.training.run import TrainingRun
from bench.training.selection import Section, accuracies
from impls.reference.rounding import MANTISSA_BITS

PRECISIONS = tuple(MANTISSA_BITS)
"""In the order in which tables show them; the first is what the others are compared with."""

READING = """Accuracy is compared seed by seed: a pair of runs of one variant shares its initial parameters, its order,
its code and the versions of its packages. Each precision was timed in a run of its own and not in turn with the others,
so that a ratio of their times has no interval; *timed* says when, and at which commit. In all of them parameters,
optimizer, log-softmax and loss are float32.
"""

Row = tuple[str, str]
"""A variant's label and a precision."""

Timed = tuple[list[float], str]
"""Seconds of epochs, and the run that they are of."""


def tables(devices: Iterable[Device], sections: Iterable[Section]) -> Iterator[tuple[str, Table]]:
    """A title and a table for each device, data set and recipe of which there is more than one precision."""
    seconds: dict[tuple[str, str], dict[Row, Timed]] = {}
    for device in devices:
        times = seconds.setdefault((device.name, device.data), {})
        for label, variant in device.variants.items():
            if measured := variant.get("epoch", "epoch_seconds"):
                times.setdefault((label, device.precision), (measured, _when(device)))
    trained: dict[tuple[str, str], dict[str, dict[Row, Series]]] = {}
    for section in sections:
        run, found = section.runs[0], accuracies(section)
        recipes = trained.setdefault((run.device_name, run.data_fingerprint), {})
        series = recipes.setdefault(run.recipe, {})
        series |= {(one.title, run.precision): one for one in (found.baseline, *found.others) if one.runs}
    for name, data in sorted({*seconds, *trained}):
        made_up = ", made-up images" if data.startswith("synthetic") else ""
        times, recipes = seconds.get((name, data), {}), trained.get((name, data), {})
        compared = {recipe: series for recipe, series in recipes.items() if any(p != PRECISIONS[0] for _, p in series)}
        for recipe, series in (compared or {"": {}}).items():
            rows = sorted(_several({*times, *series}), key=lambda row: (row[0], [*PRECISIONS, row[1]].index(row[1])))
            if table := _table(rows, times, series).with_figures():
                trained_by = f", recipe {recipe}" if recipe else ""
                yield f"Precisions beside one another: {name}{trained_by}{made_up}", table


def _several(rows: Iterable[Row]) -> set[Row]:
    """The rows of the variants that were measured in more than one precision."""
    known = set(rows)
    labels = [label for label, _ in known]
    return {row for row in known if labels.count(row[0]) > 1}


def _table(rows: Sequence[Row], seconds: dict[Row, Timed], series: dict[Row, Series]) -> Table:
    header = [
        "variant",
        "precision",
        "epoch, s",
        "timed",
        "accuracy at the end, % (95 % interval)",
        "seeds",
        f"less {PRECISIONS[0]}, points (95 % interval)",
        "pairs",
    ]
    return Table(header, [_row(row, seconds.get(row, ([], NOTHING)), series) for row in rows])


def _when(device: Device) -> str:
    return f"{device.date[:10]}, {device.runs[-1].commit}" if device.runs else NOTHING


def _row(row: Row, timed: Timed, series: dict[Row, Series]) -> list[str]:
    label, precision = row
    cells = [label, precision, middle(timed[0]), timed[1]]
    if (own := series.get(row)) is None:
        return [*cells, *[NOTHING] * 4]
    cells += [percent_text(own.mean), str(len(own.runs))]
    base = series.get((label, PRECISIONS[0]))
    differences = _differences(own, base) if base and base is not own else []
    if not differences:
        return [*cells, NOTHING, NOTHING]
    interval = difference_interval(differences)
    spread = range_text(interval) if len(differences) > 1 else "one pair"
    return [*cells, f"{points(interval.mean)} ({spread})", str(len(differences))]


def _differences(series: Series, base: Series) -> list[float]:
    """Of final accuracies, fractions, of the seeds that both have from the same code and packages."""
    pairs = [(run, base.runs[seed]) for seed, run in series.runs.items() if seed in base.runs]
    return [run.final_accuracy - other.final_accuracy for run, other in pairs if _alike(run, other)]


def _alike(run: TrainingRun, other: TrainingRun) -> bool:
    same = any(same_code(run.code, other.code, run.label, each.precision) for each in (run, other))
    return same and run.versions == other.versions
