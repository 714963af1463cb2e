"""A table as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from tabulate import tabulate

from bench.report import escape
from bench.report.tables.table import Table


def markdown(table: Table, align: Sequence[str] = ()) -> str:
    """A table in GitHub's Markdown, figures to the right; cells are escaped, but for those that are Markdown."""
    align = align or ("left", *["right"] * (len(table.header) - 1))
    header, *rows = ([escape.markdown(cell) for cell in cells] for cells in (table.header, *table.rows))
    return tabulate(rows, header, tablefmt="pipe", colalign=align, disable_numparse=True) + "\n"
