"""Rows of schema 1 under the names of schema 2.

Schema 1 timed every variant in a single fresh process, so what schema 2 has once a process was one number, and
all rounds are of one block. What it did not measure stays absent, the control's seconds above all.
"""

from __future__ import annotations

from typing import Any

ONCE_A_PROCESS = ("start_seconds", "to_device_seconds", "first_epoch_seconds")
ROUNDS = {"epoch": "epoch_seconds", "evaluation": "eval_seconds"}
"""The kinds that were timed in rounds, and under which name."""


def from_schema_1(record: dict[str, Any]) -> dict[str, Any]:
    """A row of schema 1 under the names of schema 2; the row given is left as it is.

    Rows of training and overhead are the same in both.
    """
    row = record | {"schema": 2}
    kind = row["kind"]
    if kind in ("first epoch", "epoch"):
        row |= {key: [row[key]] for key in ONCE_A_PROCESS if key in row}
    if kind in ROUNDS and ROUNDS[kind] in row:
        row["blocks"] = [0] * len(row[ROUNDS[kind]])
    if kind == "epoch" and "baseline" in row:
        ratio = {"value": row.pop("ratio")}
        if "ratio_low" in row:  # one pair has no interval
            ratio |= {"low": row.pop("ratio_low"), "high": row.pop("ratio_high")}
        row["ratios"] = {row.pop("baseline"): ratio}
    return row
