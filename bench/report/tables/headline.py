"""The headline of a run: what is asked first of every variant, a row each, few enough columns to take in at once."""

from __future__ import annotations

from bench.base.settings import PLAIN_LOOP
from bench.report.tables.cells import NOTHING
from bench.report.tables.main import AT_THE_END, main_table
from bench.report.tables.table import Table
from bench.results.load import Device

LEFT_OUT = ("× its idiomatic sibling", "images/s", "second epoch, s", "trained alike", "test split, s", "parameters")
"""Columns of the main table that the headline has not."""

ITSELF = {"1", NOTHING}
"""What the column of a ratio holds where no other variant is compared with that one."""

WIDE_ONLY = ("spread, s", "accuracy after 1")
"""Columns of the headline that 80 characters have no room for."""


def headline_table(device: Device) -> Table | None:
    """A row per variant: agreement, epoch, ratios with their intervals, first epoch, accuracy; None of nothing."""
    table = main_table(device).without(*LEFT_OUT)
    columns = zip(table.header, *table.rows, strict=True)
    only_itself = [name for name, *cells in columns if name.startswith("× ") and set(cells) <= ITSELF]
    return table.without(*only_itself).with_figures()


def brief_table(device: Device) -> Table | None:
    """The headline for 80 characters: the ratio to the plain loop is left out too where there is another."""
    table = headline_table(device)
    if table is None:
        return None
    ratios = [name for name in table.header if name.startswith("× ")]
    plain = [f"× {PLAIN_LOOP}"] if ratios not in ([], [f"× {PLAIN_LOOP}"]) else []
    return _without_epochs(table.without(*WIDE_ONLY, *plain))


def _without_epochs(table: Table) -> Table:
    """A table whose accuracies do not say after how many epochs; the wide table does."""
    places = [number for number, name in enumerate(table.header) if name == AT_THE_END]
    rows = [[cell.partition(" (")[0] if n in places else cell for n, cell in enumerate(row)] for row in table.rows]
    return Table(table.header, rows)


def summarised(found: list[Device]) -> list[Device]:
    """The devices whose headline a summary shows: of the real data, with times that no table before has."""
    shown: list[Device] = []
    for device in found:
        if device.data.startswith("synthetic") or not device.timed:
            continue
        larger = next((other for other in found if other.key == device.key), device)
        if device.further and set(device.timed) <= set(larger.timed):
            continue
        shown.append(device)
    return shown
