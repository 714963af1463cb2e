"""The plots of a device's part of the page, each with the table that stands behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from bench.report.plots.accuracy_differences import differences_figure
from bench.report.plots.allowance import allowance_figure
from bench.report.plots.inline import inline
from bench.report.plots.limit_share import limit_figure
from bench.report.plots.rounds import rounds_figure
from bench.report.plots.seed_bands import bands_figure
from bench.report.plots.style import Theme
from bench.report.site.rows import Part
from bench.report.tables import accuracy, resources
from bench.report.tables.ladder import ladder_table
from bench.report.tables.table import Table
from bench.training.paired import PairedAccuracy, Series


@dataclass(frozen=True)
class Panel:
    """A plot.

    Attributes:
        title: what it shows.
        reading: how to read it, in a sentence or two.
        plot: the plot itself.
        table: its figures.
    """

    title: str
    reading: str
    plot: Markup
    table: Table


def panels(part: Part, accuracies: PairedAccuracy | None) -> list[Panel]:
    """The plots of a part: one for each kind of figure that was measured."""
    found = [_rounds(part), _limit(part), _ladder(part)]
    if accuracies:
        found += [_bands(part, accuracies), _differences(part, accuracies)]
    return [panel for panel in found if panel]


def _panel(part: Part, name: str, title: str, reading: str, draw: Callable[[Theme], Any], table: Table) -> Panel:
    what = f"{title}: {part.called}, {part.device.precision}. Its figures are in the table that follows."
    return Panel(
        title, reading, Markup(inline(draw, what=what, prefix=f"{part.key}-{name}")), table.with_figures() or table
    )


def _rounds(part: Part) -> Panel | None:
    timed = {row.label: part.device.variants[row.label].records["epoch"] for row in part.rows if row.seconds}
    if not timed:
        return None
    rows = []
    for label, record in timed.items():
        blocks: dict[int, list[str]] = {}
        for seconds, number in zip(record["epoch_seconds"], record["blocks"], strict=True):
            blocks.setdefault(number, []).append(f"{seconds:#.3g}")
        rows += [[label, str(number + 1), ", ".join(own)] for number, own in sorted(blocks.items())]
    return _panel(
        part,
        "rounds",
        "Every timed epoch",
        "A block is a set of fresh processes. Where markers of one shape lie apart from the others, the process made "
        "the difference, and not the round.",
        partial(rounds_figure, {label: (record["epoch_seconds"], record["blocks"]) for label, record in timed.items()}),
        Table(["variant", "block", "seconds of its rounds"], rows),
    )


def _limit(part: Part) -> Panel | None:
    shares = {
        row.label: share
        for row in part.rows
        if (share := part.device.variants[row.label].get("epoch", "ceiling_share")) is not None
    }
    table = resources.resource_table(part.device)
    if not shares or table is None:
        return None
    return _panel(
        part,
        "limit",
        "How near to the device's limit",
        "The limit is what an epoch would take at the device's measured rate of multiplications or of copies, "
        "whichever is longer (the roofline model).",
        partial(limit_figure, shares),
        table.upright(),
    )


def _ladder(part: Part) -> Panel | None:
    shares: dict[str, dict[str, float]] = {}
    names: dict[str, None] = {}
    for row in part.rows:
        for rung in part.device.variants[row.label].get("agreement", "rungs", []):
            if rung["tolerance"] and rung["measured"] is not None:
                shares.setdefault(row.label, {})[rung["name"]] = rung["measured"] / rung["tolerance"]
                names.setdefault(rung["name"])
    table = ladder_table(part.device)
    if not shares or table is None:
        return None
    return _panel(
        part,
        "ladder",
        "The ladder: measured against allowed",
        "Each rung compares the variant with a float64 oracle. What is allowed is measured too: how far correct "
        "evaluations in the same precision are from the oracle. Rungs that must be exact are in the table alone.",
        partial(allowance_figure, list(names), shares),
        table,
    )


def _bands(part: Part, found: PairedAccuracy) -> Panel | None:
    series = [one for one in found.all_series() if one is not found.twin]
    if not series:
        return None
    return _panel(
        part,
        "bands",
        "Loss and accuracy over epochs",
        "Lines are means over seeds, bands reach from the least seed to the greatest.",
        partial(bands_figure, series),
        _curves_table(series),
    )


def _curves_table(series: list[Series]) -> Table:
    epochs = max(len(run.losses) for one in series for run in one.runs.values())
    rows = []
    for epoch in range(epochs):
        row = [str(epoch + 1)]
        for one in series:
            runs = [run for run in one.runs.values() if epoch < len(run.losses)]
            losses, accuracies = [r.losses[epoch] for r in runs], [100 * r.accuracy_per_epoch[epoch] for r in runs]
            row += [f"{sum(losses) / len(runs):.3f}", f"{sum(accuracies) / len(runs):.2f}"] if runs else ["", ""]
        rows.append(row)
    header = ["epoch", *(name for one in series for name in (f"{one.title}, loss", "accuracy, %"))]
    return Table(header, rows)


def _differences(part: Part, found: PairedAccuracy) -> Panel | None:
    compared = [each for each in (found.control, *found.comparisons) if each.differences]
    table = accuracy.difference_table(found)
    if not compared or table is None:
        return None
    return _panel(
        part,
        "differences",
        "Differences of accuracy, with the ±1 point margin",
        "Each seed gives a variant and the baseline the same initial parameters and order. The twin is the baseline "
        "started one unit in the last place away: so much is chance.",
        partial(differences_figure, compared, found.baseline.title),
        table,
    )
