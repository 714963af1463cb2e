"""Rows of several files are put together by device, precision, data and seed, and the newest one counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.report.pages import read_runs
from bench.results.load import devices
from made_up_schema_1 import EPOCH, FLAX, cells, store


def test_the_newest_row_wins_and_a_partial_run_replaces_only_its_own(tmp_path: Path) -> None:
    store(tmp_path, "b", "2026-01-01", EPOCH, FLAX)
    store(tmp_path, "a", "2026-01-02", EPOCH | {"epoch_seconds": [1.0]})
    rows = cells(tmp_path)
    assert rows["pytorch:eager"]["epoch, s"] == "1.00"
    assert rows["flax:jit"]["epoch, s"] == "8.10"


def test_a_quick_run_never_replaces_a_full_one(tmp_path: Path) -> None:
    store(tmp_path, "a", "2026-01-01", EPOCH)
    store(tmp_path, "b", "2026-01-02", EPOCH | {"quick": True, "epoch_seconds": [1.0]})
    assert cells(tmp_path)["pytorch:eager"]["epoch, s"] == "4.00"


@pytest.mark.parametrize("field", ["device_name", "precision", "data_fingerprint", "seed"])
def test_different_devices_precisions_data_and_seeds_never_share_a_table(tmp_path: Path, field: str) -> None:
    store(tmp_path, "a", "2026-01-01", EPOCH, FLAX | {field: 9 if field == "seed" else "synthetic-other"})
    assert [list(device.variants) for device in devices(read_runs(tmp_path))] in (
        [["pytorch:eager"], ["flax:jit"]],
        [["flax:jit"], ["pytorch:eager"]],
    )
