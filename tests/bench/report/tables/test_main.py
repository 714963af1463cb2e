"""The main table says what was stored, and hides no verdict."""

from __future__ import annotations

from pathlib import Path

from bench.report.pages import read_runs
from bench.report.tables.main import main_table
from bench.results.load import devices
from made_up_schema_1 import EPOCH, FLAX, TRAINING, cells, store


def test_a_row_says_what_was_stored(tmp_path: Path) -> None:
    store(tmp_path, "a", "2026-01-01", EPOCH, FLAX, TRAINING)
    rows = cells(tmp_path)
    torch, flax = rows["pytorch:eager"], rows["flax:jit"]
    assert torch["epoch, s"] == "4.00"
    assert torch["spread, s"] == "3.00–5.00 (3)"
    assert torch["images/s"] == "12,500"
    assert torch["accuracy after 1"] == "28.4%"
    assert torch["at the end"] == "32.2% (2 epochs)"
    assert torch["× pytorch:eager"] == "1"
    assert torch["agreement"] == "equivalent"
    assert flax["× pytorch:eager"] == "2.00 (1.90–2.10)"
    assert flax["accuracy after 1"] == "–"


def test_a_verdict_other_than_equivalent_is_shown_with_its_rung(tmp_path: Path) -> None:
    store(tmp_path, "a", "2026-01-01", EPOCH | {"verdict": "different", "first_failed_rung": "gradients"})
    assert cells(tmp_path)["pytorch:eager"]["agreement"] == "different (gradients)"


def test_figures_that_nothing_has_are_left_out(tmp_path: Path) -> None:
    store(tmp_path, "a", "2026-01-01", TRAINING)
    [device] = devices(read_runs(tmp_path))
    upright = main_table(device).upright()
    assert list(upright.header) == ["variant", "pytorch:eager"]
    assert [row[0] for row in upright.rows] == ["agreement", "accuracy after 1", "at the end"]


def test_no_row_hides_a_verdict_of_one_of_its_records(tmp_path: Path) -> None:
    store(tmp_path, "a", "2026-01-01", TRAINING, EPOCH | {"verdict": "different", "first_failed_rung": "loss"})
    assert cells(tmp_path)["pytorch:eager"]["agreement"] == "different (loss)"


def test_a_ratio_to_another_baseline_has_a_column(tmp_path: Path) -> None:
    mine = FLAX | {"backend": "mine", "variant": "default", "baseline": "reference:float32"}
    store(tmp_path, "a", "2026-01-01", EPOCH | {"backend": "reference", "variant": "float32"}, mine)
    rows = cells(tmp_path)
    assert rows["mine:default"]["× reference:float32"] == "2.00 (1.90–2.10)"
    assert rows["reference:float32"]["× reference:float32"] == "1"
    assert rows["mine:default"]["× pytorch:eager"] == "–"
