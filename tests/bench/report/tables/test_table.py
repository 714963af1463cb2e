"""A table of text loses what has no figure, and nothing else."""

from __future__ import annotations

from bench.report.tables.table import Table

TABLE = Table(["what", "a", "b", "c"], [["x", "1", "–", ""], ["y", "–", "–", "–"], ["z", "–", "–", "2"]])


def test_rows_and_columns_of_nothing_are_left_out() -> None:
    found = TABLE.with_figures()
    assert found
    assert list(found.header) == ["what", "a", "c"]
    assert [list(row) for row in found.rows] == [["x", "1", ""], ["z", "–", "2"]]


def test_a_table_of_nothing_is_none() -> None:
    assert Table(["what", "a"], [["x", "–"]]).with_figures() is None
    assert Table(["what", "a"], []).with_figures() is None


def test_columns_are_taken_out_by_name() -> None:
    found = TABLE.without("a", "c", "no such column")
    assert list(found.header) == ["what", "b"]
    assert [list(row) for row in found.rows] == [["x", "–"], ["y", "–"], ["z", "–"]]
