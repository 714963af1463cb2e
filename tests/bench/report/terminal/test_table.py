"""A table in the terminal is never wider than it, and every character of its cells is there."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from bench.report.tables.table import Table
from bench.report.terminal import summary
from bench.report.terminal.comparison import figure_table
from bench.report.terminal.table import show
from bench.results.comparison import compare
from bench.results.load import load
from made_up_results import row, run_rows, store

LONG = "their_package.backends.of_many_kinds:VeryFastBackend:float32-tuned"
RATIOS = {"pytorch:eager": {"value": 0.95, "low": 0.87, "high": 1.09}, "pytorch:lecture": {"value": 0.5}}
TABLE = Table(
    ["variant", "agreement", "epoch, s", f"× {LONG}", "× pytorch:eager"],
    [["pytorch:eager", "equivalent", "2.90", "2.90 (2.72–3.08)", "1"], [LONG, "different (trajectory)", "–", "1", "–"]],
)


def written(table: Table, width: int) -> str:
    file = io.StringIO()
    show(table, Console(file=file, width=width, emoji=False))
    return file.getvalue()


def widest(text: str) -> int:
    return max(cell_len(line.rstrip()) for line in text.splitlines())


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 300])
def test_nothing_is_cut_and_nothing_is_too_wide(width: int) -> None:
    text = written(TABLE, width)
    assert widest(text) <= width
    parts = sum(set(line.replace(" ", "")) == {"─"} for line in text.splitlines())
    assert (parts == 1) == (width >= 80)
    first, *others = zip(TABLE.header, *TABLE.rows, strict=True)
    wanted = Counter("".join("".join(column) for column in [*[first] * parts, *others]).replace(" ", ""))
    assert Counter(text.replace("─", "").replace(" ", "").replace("\n", "")) == wanted


def test_words_of_figures_are_not_folded_where_there_is_room() -> None:
    text = written(TABLE, 60)
    for word in ("equivalent", "(trajectory)", "(2.72–3.08)"):
        assert word in text


def test_a_rich_table_as_it_is_would_be_cut() -> None:
    """The check above can fail."""
    from rich.table import Table as RichTable

    file, rich = io.StringIO(), RichTable(*TABLE.header)
    for cells in TABLE.rows:
        rich.add_row(*cells)
    Console(file=file, width=60).print(rich)
    assert "…" in file.getvalue()


def test_a_runs_headline_is_one_table_of_80_characters(tmp_path: Path) -> None:
    kinds = ("agreement", "first epoch", "epoch", "evaluation", "training")
    own = {"epoch": {"ratios": RATIOS}}
    labels = ("pytorch:eager", "pytorch:lecture", "flax:jit")
    rows = [row(kind, label, **own.get(kind, {})) for label in labels for kind in kinds]
    path = store(tmp_path / "a.json", *rows)
    text = summary_of(path)
    assert widest(text) <= 80
    assert sum(set(line.replace(" ", "")) == {"─"} for line in text.splitlines()) == 1
    for word in ("not distinguishable", "(0.870–1.09)", "pytorch:lecture", "32.2%"):
        assert word in text
    assert "latency" not in text


@pytest.mark.parametrize("wide", [False, True])
def test_a_run_with_long_names_fits_80_characters(tmp_path: Path, wide: bool) -> None:
    backend, _, variant = LONG.rpartition(":")
    own = {"backend": backend, "variant": variant}
    kinds = ("agreement", "first epoch", "epoch", "evaluation", "training")
    rows = [row(kind, **more) for more in ({}, own) for kind in kinds]
    for each in rows:
        each.update({"ratios": RATIOS} if each["kind"] == "epoch" else {})
    text = summary_of(store(tmp_path / "a.json", *rows), wide=wide)
    assert widest(text) <= 80
    assert "…" not in text
    assert ("latency" in text) == wide


def summary_of(path: Path, *, wide: bool = False) -> str:
    file = io.StringIO()
    summary.show(path, {}, wide=wide, console=Console(file=file, width=80, emoji=False))
    return file.getvalue()


def test_a_comparison_of_long_names_fits_80_characters(tmp_path: Path) -> None:
    old, new = (load(store(tmp_path / f"{number}.json", *run_rows(number, blocks=4))) for number in (1, 2))
    found = compare(old, new)
    file = io.StringIO()
    Console(file=file, width=80, emoji=False).print(figure_table(f"{LONG}, equivalent → different", found.figures))
    text = file.getvalue()
    assert widest(text) <= 80
    assert "…" not in text
    assert LONG in text.replace("\n", "").replace(" ", "")
