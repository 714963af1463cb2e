"""A table is of one run, the largest of its device, precision, data and seed; what else there is, is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.report.pages import read_runs, write_page
from bench.report.tables.notes import left_out_text
from bench.results.load import Device, devices
from made_up_schema_1 import EPOCH, FLAX, TRAINING, cells, store


def seconds(device: Device) -> dict[str, list[float]]:
    return {label: variant.get("epoch", "epoch_seconds") for label, variant in device.variants.items()}


def test_a_newer_row_does_not_take_its_place_among_rows_of_another_run(tmp_path: Path) -> None:
    """Its seconds would stand beside others of another day, and the others' ratios would be to what it replaced."""
    store(tmp_path / "results", "b", "2026-01-01", EPOCH, FLAX)
    newer = store(tmp_path / "results", "a", "2026-01-02T10:20:30", EPOCH | {"epoch_seconds": [1.0]})
    [device] = devices(read_runs(tmp_path / "results"))
    assert seconds(device) == {"pytorch:eager": [4.0, 3.0, 5.0], "flax:jit": [8.0, 8.2]}
    said = left_out_text(device.left_out)
    assert said.endswith(f"Left out: {newer.name} (2026-01-02 10:20, commit 0123456789, 1 variant timed).")
    assert f"\n{said}\n" in write_page(tmp_path / "results", "abacus").read_text()


def test_of_two_runs_as_large_the_newer_is_shown(tmp_path: Path) -> None:
    store(tmp_path, "b", "2026-01-01", EPOCH, FLAX)
    store(tmp_path, "a", "2026-01-02", EPOCH | {"epoch_seconds": [1.0]}, FLAX)
    assert cells(tmp_path)["pytorch:eager"]["epoch, s"] == "1.00"


def test_a_variant_that_the_largest_run_lacks_has_a_table_of_its_own_run(tmp_path: Path) -> None:
    mine = FLAX | {"backend": "mine", "variant": "default", "ratio": 3.0}
    store(tmp_path, "a", "2026-01-01", EPOCH, FLAX, TRAINING)
    store(tmp_path, "b", "2026-01-02T03:04:05", EPOCH | {"epoch_seconds": [1.0]}, mine)
    first, further = devices(read_runs(tmp_path))
    assert seconds(first) == {"pytorch:eager": [4.0, 3.0, 5.0], "flax:jit": [8.0, 8.2]}
    assert seconds(further) == {"pytorch:eager": [1.0], "mine:default": [8.0, 8.2]}
    assert [len(device.runs) for device in (first, further)] == [1, 1]
    assert further.title == f"{first.title}, another run of 2026-01-02 03:04"
    assert not first.left_out
    assert not further.left_out
    assert left_out_text([]) == ""


def test_many_runs_that_are_left_out_are_counted(tmp_path: Path) -> None:
    for day in range(1, 9):
        store(tmp_path, f"run-{day}", f"2026-01-0{day}", EPOCH)
    [device] = devices(read_runs(tmp_path))
    said = left_out_text(device.left_out)
    assert "Left out: run-7.json (" in said
    assert said.endswith("; 2 older.")
    assert "run-2.json" not in said


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
