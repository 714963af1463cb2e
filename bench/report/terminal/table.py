"""A table of text, in the terminal."""

from __future__ import annotations

from rich.table import Table as RichTable

from bench.report import escape
from bench.report.tables.table import Table


def rich_table(table: Table) -> RichTable:
    """The table as rich shows it, figures to the right, every cell as it reads."""
    rich = RichTable()
    for number, name in enumerate(table.header):
        rich.add_column(escape.terminal_line(name), justify="right" if number else "left")
    for row in table.rows:
        rich.add_row(*map(escape.terminal_line, row))
    return rich
