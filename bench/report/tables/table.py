"""A table of text, for the terminal and for Markdown alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.report.tables.cells import NOTHING


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
