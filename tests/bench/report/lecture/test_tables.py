"""The page's tables, where nothing was measured."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.lecture.claims import CLAIMS
from bench.lecture.evidence import Evidence
from bench.report.lecture.tables import (
    claims_table,
    elsewhere_table,
    filters_table,
    initial_table,
    rates_table,
    study_table,
)

TABLES: list[Callable[[Evidence], Any]] = [filters_table, rates_table, initial_table, study_table, elsewhere_table]


def test_tables_of_nothing_are_none() -> None:
    assert [table(Evidence("x")) for table in TABLES] == [None] * 5
    assert len(claims_table(Evidence("x")).rows) == len(CLAIMS)
