"""The table of precisions sets each variant beside itself."""

from __future__ import annotations

from pathlib import Path

from bench.report.tables import precision as report
from bench.report.tables.cells import NOTHING
from bench.results.load import Device, Run, Variant
from bench.training.selection import largest
from made_up_runs import made


def timed(precision: str, seconds: float) -> Device:
    variant = Variant("pytorch:eager", {"epoch": {"epoch_seconds": [seconds, seconds + 1, seconds + 2]}})
    device = Device("Abacus, 2 cores", precision, "cifar10-x", 0, variants={"pytorch:eager": variant})
    device.runs.append(Run(Path("a.json"), "2026-01-04T10:00:00", f"{precision}c0de", [], [], 2, "", True))
    return device


def test_precisions_stand_beside_one_another() -> None:
    runs = {
        precision: largest([made(seed=seed, final=final + seed / 100, precision=precision) for seed in range(3)])
        for precision, final in (("bf16", 0.44), ("fp32", 0.45))
    }
    [(title, table)] = report.tables([timed("bf16", 2.0), timed("fp32", 4.0)], runs.values())
    assert title == "Precisions beside one another: Abacus, 2 cores, recipe lecture"
    assert [list(row[:4]) for row in table.rows] == [
        ["pytorch:eager", "fp32", "5.00", "2026-01-04, fp32c0de"],
        ["pytorch:eager", "bf16", "3.00", "2026-01-04, bf16c0de"],
    ]
    assert [row[4].split()[0] for row in table.rows] == ["46.00", "45.00"]
    assert [list(row[6:]) for row in table.rows] == [[NOTHING, NOTHING], ["-1.00 (-1.25 to -0.75)", "3"]]


def test_runs_of_other_code_are_no_pair() -> None:
    sections = [largest([made(precision="bf16", code="new")]), largest([made()])]
    [(_, table)] = report.tables([], sections)
    assert "less fp32, points (95 % interval)" not in table.header, "a column of nothing"


def test_one_precision_alone_has_no_such_table() -> None:
    assert not list(report.tables([timed("fp32", 4.0)], [largest([made()])]))
    [(title, table)] = report.tables([timed("fp32", 4.0), timed("bf16", 2.0)], [])
    assert title.endswith("Abacus, 2 cores")
    assert list(table.header) == ["variant", "precision", "epoch, s", "timed"]


def test_variants_and_recipes_of_one_precision_have_no_row_and_no_table() -> None:
    devices = [timed("fp32", 4.0), timed("bf16", 2.0)]
    devices[0].variants["flax:jit"] = Variant("flax:jit", {"epoch": {"epoch_seconds": [1.0]}})
    hundred = largest([made(recipe="lecture-100")])
    [(title, table)] = report.tables(devices, [hundred, largest([made(precision="bf16")])])
    assert title.endswith(", recipe lecture")
    assert [list(row[:2]) for row in table.rows] == [["pytorch:eager", "fp32"], ["pytorch:eager", "bf16"]]
