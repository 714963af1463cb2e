"""Rows of schema 1 become rows of schema 2."""

from __future__ import annotations

import json

from bench.results.upgrade import from_schema_1
from made_up_results import FIGURES


def test_rows_of_schema_1_get_the_names_of_schema_2() -> None:
    old = {
        "schema": 1,
        "kind": "epoch",
        "start_seconds": 2.0,
        "to_device_seconds": 0.5,
        "first_epoch_seconds": 12.0,
        "epoch_seconds": [8.0, 8.2],
        "baseline": "pytorch:eager",
        "baseline_seconds": [4.0, 4.1],
        "ratio": 2.0,
    }
    as_given = json.dumps(old)
    assert from_schema_1(old) == {
        "schema": 2,
        "kind": "epoch",
        "start_seconds": [2.0],
        "to_device_seconds": [0.5],
        "first_epoch_seconds": [12.0],
        "epoch_seconds": [8.0, 8.2],
        "blocks": [0, 0],
        "baseline_seconds": [4.0, 4.1],
        "ratios": {"pytorch:eager": {"value": 2.0}},
    }
    assert json.dumps(old) == as_given
    with_interval = from_schema_1(old | {"ratio_low": 1.9, "ratio_high": 2.1})
    assert with_interval["ratios"] == {"pytorch:eager": {"value": 2.0, "low": 1.9, "high": 2.1}}
    assert "ratio_low" not in with_interval


def test_rows_of_schema_1_of_other_kinds() -> None:
    assert from_schema_1({"schema": 1, "kind": "first epoch", "first_epoch_seconds": 3.0}) == {
        "schema": 2,
        "kind": "first epoch",
        "first_epoch_seconds": [3.0],
    }
    evaluation = from_schema_1({"schema": 1, "kind": "evaluation", "eval_seconds": [0.3, 0.4]})
    assert evaluation["blocks"] == [0, 0]
    for kind in ("training", "overhead", "agreement"):
        same = {"kind": kind, **FIGURES[kind]}
        assert from_schema_1({"schema": 1, **same}) == {"schema": 2, **same}
