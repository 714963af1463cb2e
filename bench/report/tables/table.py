"""A table of text, for the terminal and for Markdown alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.report.tables.cells import NOTHING

EMPTY = ("", NOTHING)
"""Cells that say nothing."""


@dataclass(frozen=True)
class Table:
    """A table of text; every row is as long as the header. A cell may be `bench.report.escape.Markdown`."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def upright(self) -> Table:
        """Rows for columns, so that many figures of few things fit a page; figures that nothing has are left out."""
        names, *columns = zip(*self.rows, strict=True)
        figures = zip(self.header[1:], columns, strict=True)
        shown = [[figure, *values] for figure, values in figures if set(values) != {NOTHING}]
        return Table([self.header[0], *names], shown)

    def with_figures(self) -> Table | None:
        """Without the rows and columns that have nothing beside their name; None where nothing is left."""
        rows = [row for row in self.rows if any(cell not in EMPTY for cell in row[1:])]
        filled = [n for n in range(1, len(self.header)) if any(row[n] not in EMPTY for row in rows)]
        return self._of([0, *filled], rows) if filled else None

    def without(self, *names: str) -> Table:
        """Without the columns of these names."""
        return self._of([n for n, name in enumerate(self.header) if name not in names], self.rows)

    def _of(self, columns: Sequence[int], rows: Sequence[Sequence[str]]) -> Table:
        return Table([self.header[n] for n in columns], [[row[n] for n in columns] for row in rows])
