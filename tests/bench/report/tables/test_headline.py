"""The headline has what is asked first, and no column in which variants are compared with nothing."""

from __future__ import annotations

from pathlib import Path

from bench.report.tables.headline import brief_table, headline_table
from bench.results.load import Device, devices, load
from made_up_results import row, store

RATIO = {"value": 2.0, "low": 1.9, "high": 2.1}


def device(folder: Path, *rows: dict[str, object]) -> Device:
    [found] = devices([load(store(folder / "a.json", *rows))])
    return found


def test_ratios_stand_with_their_intervals(tmp_path: Path) -> None:
    ratios = {"pytorch:eager": RATIO, "pytorch:lecture": RATIO | {"low": 0.9}}
    found = device(tmp_path, row("epoch", ratios={}), row("epoch", "flax:jit", ratios=ratios), row("training"))
    table = headline_table(found)
    assert table
    assert list(table.header) == [
        *("variant", "agreement", "epoch, s", "spread, s", "× pytorch:eager", "× pytorch:lecture"),
        *("accuracy after 1", "accuracy at the end"),
    ]
    assert list(table.rows[1][4:6]) == ["2.00 (1.90–2.10)", "not distinguishable (0.900–2.10)"]
    brief = brief_table(found)
    assert brief
    assert list(brief.header) == ["variant", "agreement", "epoch, s", "× pytorch:eager", "accuracy at the end"]


def test_the_plain_loop_is_not_left_out_where_it_is_the_only_other(tmp_path: Path) -> None:
    found = device(tmp_path, row("epoch", "flax:jit", ratios={"pytorch:lecture": RATIO}))
    brief = brief_table(found)
    assert brief
    assert "× pytorch:lecture" in brief.header


def test_a_variant_is_not_compared_with_itself_alone(tmp_path: Path) -> None:
    table = headline_table(device(tmp_path, row("epoch", ratios={})))
    assert table
    assert not [name for name in table.header if name.startswith("×")]
