"""The main table says what was stored, and hides no verdict."""

from __future__ import annotations

from pathlib import Path

from bench.report.pages import read_runs
from bench.report.tables.main import main_table
from bench.report.tables.notes import not_compared
from bench.results.load import devices
from made_up_results import row
from made_up_results import store as store_2
from made_up_schema_1 import EPOCH, FLAX, TRAINING, cells, store


def test_a_row_says_what_was_stored(tmp_path: Path) -> None:
    store(tmp_path, "a", "2026-01-01", EPOCH, FLAX, TRAINING)
    rows = cells(tmp_path)
    torch, flax = rows["pytorch:eager"], rows["flax:jit"]
    assert torch["epoch, s"] == "4.00"
    assert torch["spread, s"] == "3.00–5.00 (3)"
    assert torch["images/s"] == "12,500"
    assert torch["accuracy after 1"] == "28.4%"
    assert torch["accuracy at the end"] == "32.2% (2 epochs)"
    assert torch["× pytorch:eager"] == "1"
    assert torch["agreement"] == "equivalent"
    assert flax["× pytorch:eager"] == "2.00 (one pair)", "schema 1 started each variant once"
    assert flax["accuracy after 1"] == "–"


def test_a_verdict_other_than_equivalent_is_shown_with_its_rung(tmp_path: Path) -> None:
    store(tmp_path, "a", "2026-01-01", EPOCH | {"verdict": "different", "first_failed_rung": "gradients"})
    assert cells(tmp_path)["pytorch:eager"]["agreement"] == "different (gradients)"


def test_figures_that_nothing_has_are_left_out(tmp_path: Path) -> None:
    store(tmp_path, "a", "2026-01-01", TRAINING)
    [device] = devices(read_runs(tmp_path))
    upright = main_table(device).upright()
    assert list(upright.header) == ["variant", "pytorch:eager"]
    assert [row[0] for row in upright.rows] == ["agreement", "accuracy after 1", "accuracy at the end"]


def test_no_row_hides_a_verdict_of_one_of_its_records(tmp_path: Path) -> None:
    store(tmp_path, "a", "2026-01-01", TRAINING, EPOCH | {"verdict": "different", "first_failed_rung": "loss"})
    assert cells(tmp_path)["pytorch:eager"]["agreement"] == "different (loss)"


def test_a_ratio_to_another_baseline_has_a_column(tmp_path: Path) -> None:
    mine = FLAX | {"backend": "mine", "variant": "default", "baseline": "reference:float32"}
    store(tmp_path, "a", "2026-01-01", EPOCH | {"backend": "reference", "variant": "float32"}, mine)
    rows = cells(tmp_path)
    assert rows["mine:default"]["× reference:float32"] == "2.00 (one pair)"
    assert rows["reference:float32"]["× reference:float32"] == "1"
    assert rows["mine:default"]["× pytorch:eager"] == "–"


def test_the_second_epoch_and_the_comparison_of_the_timed_epochs_are_shown(tmp_path: Path) -> None:
    (tmp_path / "abacus").mkdir()
    work = row("epoch")["work"]
    rows = [
        row("epoch", warmup_epoch_seconds=[3.0, 3.5, 3.1]),
        row("epoch", "flax:jit", warmup_epoch_seconds=[], work=work | {"epochs": 3, "trained": 5, "share": 0.5}),
        row("epoch", "flax:scan", work={"not_compared": "an epoch takes 12 s"}),
        row("epoch", "flax:tuned", work={"not_compared": "an epoch takes 12 s"}),
    ]
    store_2(tmp_path / "abacus" / "2026.json", *rows)
    [device] = devices(read_runs(tmp_path))
    table = {name: values for name, *values in main_table(device).upright().rows}
    assert table["second epoch, s"] == ["3.10", "–", "2.95", "2.95"]
    assert table["trained alike"] == [
        "yes (12.5% of allowed, 4 epochs)",
        "yes (50.0% of allowed, 3 of 5 epochs)",
        "not compared",
        "not compared",
    ]
    assert not_compared(device) == ["flax:scan, flax:tuned: an epoch takes 12 s."]


def test_results_without_these_figures_have_no_lines_of_them(tmp_path: Path) -> None:
    store(tmp_path, "a", "2026-01-01", EPOCH)
    [device] = devices(read_runs(tmp_path))
    assert not {"trained alike", "second epoch, s"} & {name for name, *_ in main_table(device).upright().rows}
    assert not_compared(device) == []
