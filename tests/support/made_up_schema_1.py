"""Results files of schema 1 that nothing measured, and the main table of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.report.pages import read_runs
from bench.report.tables.main import main_table
from bench.results.load import devices


def record(kind: str, label: str = "pytorch:eager", **figures: Any) -> dict[str, Any]:
    backend, variant = label.split(":")
    return {
        "schema": 1,
        "kind": kind,
        "backend": backend,
        "variant": variant,
        "device_name": "Abacus, 2 cores",
        "precision": "fp32",
        "data_fingerprint": "cifar10-x",
        "quick": False,
        "seed": 0,
        "verdict": "equivalent",
        "first_failed_rung": "",
        "versions": {"torch": "2.0"},
        **figures,
    }


def store(folder: Path, name: str, date: str, *records: dict[str, Any], **top: Any) -> Path:
    path = folder / "abacus" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "benchmarks": [{"extra_info": r} for r in records],
        "commit_info": {"id": "0123456789abcdef", "dirty": False},
        "datetime": date,
        **top,
    }
    path.write_text(json.dumps(content))
    return path


EPOCH = record("epoch", epoch_seconds=[4.0, 3.0, 5.0], images_per_second=12_500.0, first_epoch_seconds=6.0)


FLAX = record(
    "epoch",
    "flax:jit",
    epoch_seconds=[8.0, 8.2],
    images_per_second=6_172.8,
    first_epoch_seconds=12.0,
    baseline="pytorch:eager",
    baseline_seconds=[4.0, 4.1],
    ratio=2.0,
    ratio_low=1.9,
    ratio_high=2.1,
)


TRAINING = record("training", losses=[2.1, 1.9], accuracy_per_epoch=[0.284, 0.3217])


def cells(folder: Path) -> dict[str, dict[str, str]]:
    """The main table as variant -> column -> text."""
    [device] = devices(read_runs(folder))
    table = main_table(device)
    return {row[0]: dict(zip(table.header, row, strict=True)) for row in table.rows}
