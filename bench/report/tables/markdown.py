"""A table as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from tabulate import tabulate

from bench.report.tables.table import Table


def markdown(table: Table, align: Sequence[str] = ()) -> str:
    """A table in GitHub's Markdown, figures to the right."""
    align = align or ("left", *["right"] * (len(table.header) - 1))
    return tabulate(table.rows, table.header, tablefmt="pipe", colalign=align, disable_numparse=True) + "\n"
