"""A table of text, in a terminal of any width: cells are wrapped and columns go below, and nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable

from bench.report import escape
from bench.report.tables.table import Table

GAP = 2
"""Characters between two columns."""

NAME, WORD = 22, 15
"""The first column, and the words of a header, may be folded to so many characters before columns go below."""


def show(table: Table, console: Console) -> None:
    """Print a table; columns for which the console is too narrow go below, beside the first column once more."""
    for number, each in enumerate(rich_tables(table, console.width)):
        if number:
            console.print()
        console.print(each)


def rich_tables(table: Table, width: int) -> Iterator[RichTable]:
    """The table as rich shows it, in as many parts as ``width`` characters ask for; figures are to the right."""
    columns = [list(map(escape.one_line, column)) for column in zip(table.header, *table.rows, strict=True)]
    least = [_least(column, first=number == 0) for number, column in enumerate(columns)]
    for group in _groups(least, width):
        shown = [columns[number] for number in group]
        yield _rich_table(shown, _widths(shown, [least[number] for number in group], width))


def plain_table() -> RichTable:
    """A table without any column yet: no frame, a line below the header, `GAP` between columns."""
    return RichTable(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0))


def _least(column: Sequence[str], *, first: bool) -> int:
    """The narrowest that a column may be: names may be folded, and words of a header, but no word of a figure."""
    if first:
        return min(max(map(cell_len, column)), NAME)
    header, *cells = ([cell_len(word) for word in text.split()] for text in column)
    longest = max((length for words in cells for length in words), default=1)
    return max(longest, min(max(header, default=1), WORD))


def _groups(least: Sequence[int], width: int) -> Iterator[list[int]]:
    """Which columns stand beside one another: the first one always, with as many others as there is room for."""
    group = [0]
    for number in range(1, len(least)):
        wanted = [*group, number]
        if len(group) > 1 and sum(least[each] for each in wanted) + GAP * (len(wanted) - 1) > width:
            yield group
            wanted = [0, number]
        group = wanted
    yield group


def _widths(columns: Sequence[Sequence[str]], least: Sequence[int], width: int) -> list[int]:
    """How wide each column is: what is left beside the narrowest goes to the columns that need it, in order."""
    room = width - GAP * (len(columns) - 1)
    widths = list(least)
    if sum(widths) > room:  # two columns, one of them of very long words, which are folded
        widths = [min(widths[0], max(room // 2, room - sum(widths[1:])))]
        widths += [max(room - widths[0], 1)] * (len(columns) - 1)
    for number, column in enumerate(columns):
        wanted = max(map(cell_len, column))
        widths[number] += max(0, min(wanted - widths[number], room - sum(widths)))
    return widths


def _rich_table(columns: Sequence[Sequence[str]], widths: Sequence[int]) -> RichTable:
    rich = plain_table()
    for number, (column, width) in enumerate(zip(columns, widths, strict=True)):
        rich.add_column(
            escape.terminal_line(column[0]), justify="right" if number else "left", width=width, overflow="fold"
        )
    for row in zip(*(column[1:] for column in columns), strict=True):
        rich.add_row(*map(escape.terminal_line, row))
    return rich
