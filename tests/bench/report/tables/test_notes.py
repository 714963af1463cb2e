"""The notes beside the tables say what a reader must know, and nothing that is the same in every run."""

from __future__ import annotations

from pathlib import Path

from bench.base.environment import of_workers
from bench.report.pages import write_pages
from bench.report.tables.notes import environment_lines
from bench.results.load import devices, read_run
from made_up_schema_1 import EPOCH, store

TITLE = "### Environment variables of the workers"


def page_and_lines(folder: Path, environment: dict[str, str]) -> tuple[str, list[str]]:
    path = store(folder / "results", "a", "2026-01-01", EPOCH | {"threads": 2, "environment": environment})
    run = read_run(path)
    assert run
    [device] = devices([run])
    return write_pages(folder / "results").read_text(), environment_lines(device)


def test_what_the_harness_sets_for_all_workers_is_not_shown(tmp_path: Path) -> None:
    page, lines = page_and_lines(tmp_path, of_workers(2))
    assert lines == []
    assert TITLE not in page


def test_what_the_user_set_is_shown(tmp_path: Path) -> None:
    page, lines = page_and_lines(tmp_path, of_workers(2) | {"XLA_FLAGS": "--a"})
    assert lines == ["XLA_FLAGS=--a"]
    assert f"{TITLE}\n\n- `XLA_FLAGS=--a`\n" in page
