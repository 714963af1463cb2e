"""The tables of the ladder and of the losses, and the note on overhead."""

from __future__ import annotations

from pathlib import Path

from bench.parity.verdict import Rung
from bench.report.pages import read_runs
from bench.report.tables.ladder import ladder_table, trajectory_table
from bench.report.tables.notes import overhead_text
from bench.report.tables.training import accuracy_table
from bench.results.load import devices
from made_up_schema_1 import TRAINING, record, store


def test_other_tables(tmp_path: Path) -> None:
    rungs = [
        {"name": "data", "status": "passed", "measured": 0.0, "tolerance": 0, "where": "", "detail": ""},
        {
            "name": "loss",
            "status": "failed",
            "measured": 0.5,
            "tolerance": 1e-6,
            "where": "loss (first batch)",
            "detail": "",
        },
        {"name": "gradients", "status": "skipped", "measured": None, "tolerance": None, "where": "", "detail": ""},
    ]
    losses = {"losses": [2.0, 1.0], "oracle_losses": [2.0, 1.1], "twin_distances": [0.0, 1e-7]}
    store(
        tmp_path,
        "a",
        "2026-01-01",
        record("agreement", rungs=rungs, parameters={"conv1.bias": 6}, parameters_total=6, **losses),
        TRAINING,
        record("overhead", ratio=1.001, ratio_low=0.99, ratio_high=1.01, slice_seconds=[1, 2], steps=25, blocks=[0, 1]),
    )
    [device] = devices(read_runs(tmp_path))
    accuracy, ladder, drift = accuracy_table(device), ladder_table(device), trajectory_table(device)
    assert accuracy is not None
    assert list(accuracy.rows[1]) == ["2", "1.9000", "32.17%"]
    assert ladder is not None
    assert [row[1] for row in ladder.rows] == ["exact", "FAILED: 5.0e-01 of 1.0e-06, loss (first batch)", "skipped"]
    assert drift is not None
    assert list(drift.rows[1]) == ["pytorch:eager from the oracle", "0"]
    assert "1.001 (95 % interval over processes 0.990 to 1.010)" in (overhead_text(device) or "")


def test_overhead_of_one_process_has_no_interval(tmp_path: Path) -> None:
    """Files of older versions have one over the slices of a process."""
    old = record("overhead", ratio=1.001, ratio_low=0.99, ratio_high=1.01, slice_seconds=[1, 2], steps=25)
    store(tmp_path, "a", "2026-01-01", old)
    [device] = devices(read_runs(tmp_path))
    text = overhead_text(device) or ""
    assert "takes 1.001 times as long as a bare loop, run in turn with it in one process" in text
    assert "interval" not in text


def test_a_rung_that_compared_nothing(tmp_path: Path) -> None:
    rung = Rung.of("data", []).as_dict()
    store(tmp_path, "a", "2026-01-01", record("agreement", rungs=[rung], parameters={"conv1.bias": 6}))
    table = ladder_table(devices(read_runs(tmp_path))[0])
    assert table is not None
    assert list(table.rows[0]) == ["data", "FAILED: nothing was compared"]
