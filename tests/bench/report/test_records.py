"""A results file as records: plain names, units in them, and nothing that is no figure where a figure would be."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from bench.report.records import Record, records, to_csv, to_json
from bench.results.load import load
from made_up_results import row, store

RATIO = {"value": 2.0, "low": 1.9, "high": 2.1}
KINDS = ("agreement", "first epoch", "epoch", "evaluation", "training")


def of(folder: Path, *rows: Record) -> list[Record]:
    return records(load(store(folder / "a.json", *rows)))


def test_a_record_has_the_figures_of_its_variant(tmp_path: Path) -> None:
    flax = [
        row(kind, "flax:jit", **({"ratios": {"pytorch:eager": RATIO}} if kind == "epoch" else {})) for kind in KINDS
    ]
    eager, jit = of(tmp_path, row("epoch", ratios={}), *flax)
    assert list(eager) == list(jit), "all records have the same names"
    expected = {
        "variant": "flax:jit",
        "precision": "fp32",
        "seed": 0,
        "agreement": "equivalent",
        "first_failed_rung": None,
        "epoch_seconds_median": 2.9,
        "epoch_seconds_min": 2.8,
        "epoch_seconds_max": 3.0,
        "epoch_rounds": 4,
        "epoch_blocks": 2,
        "ratio_to_pytorch_eager": 2.0,
        "ratio_to_pytorch_eager_low": 1.9,
        "ratio_to_pytorch_eager_high": 2.1,
        "first_epoch_seconds_median": pytest.approx(3.15),
        "second_epoch_seconds_median": 2.95,
        "trained_alike": True,
        "trained_alike_share_of_allowed": 0.125,
        "accuracy_after_first_epoch": 0.284,
        "accuracy_at_end": 0.3217,
        "training_epochs": 2,
        "parameters_total": 6,
        "latency_seconds_1_image_median": pytest.approx(0.00025),
        "share_of_limit": 0.03,
        "warnings": [],
    }
    assert {name: jit[name] for name in expected} == expected
    assert eager["ratio_to_pytorch_eager"] is None
    assert eager["accuracy_at_end"] is None
    assert eager["training_epochs"] == 0


def test_one_pair_has_no_interval_and_the_sibling_is_named(tmp_path: Path) -> None:
    found = of(tmp_path, row("epoch", "flax:tuned", ratios={"flax:jit": RATIO}, blocks=[0, 0, 0, 0]))[0]
    assert found["ratio_to_flax_jit"] == found["ratio_to_idiomatic_sibling"] == 2.0
    assert found["ratio_to_flax_jit_low"] is None
    assert found["ratio_to_flax_jit_high"] is None


def test_no_two_variants_share_a_name(tmp_path: Path) -> None:
    others = {"a.b:C:x": RATIO, "a_b:C:x": RATIO | {"value": 3.0}}
    found = of(tmp_path, row("epoch", ratios=others))[0]
    assert (found["ratio_to_a_b_C_x"], found["ratio_to_a_b_C_x_2"]) == (2.0, 3.0)


def test_a_row_is_no_better_than_its_worst_verdict(tmp_path: Path) -> None:
    different = {"verdict": "different", "first_failed_rung": "loss"}
    found = of(tmp_path, row("epoch"), row("training", **different))[0]
    assert (found["agreement"], found["first_failed_rung"]) == ("different", "loss")


def test_csv_and_json_can_be_read(tmp_path: Path) -> None:
    evil = 'fell over,\n\x1b[2J "now"'
    found = of(tmp_path, *(row(kind) for kind in KINDS), row("epoch", "flax:jit", ratios={}, warnings=[evil, "x"]))
    assert json.loads(to_json(found)) == found
    text = to_csv(found)
    assert "–" not in text
    assert "\x1b" not in text + to_json(found)
    eager, jit = csv.DictReader(io.StringIO(text))
    assert list(eager) == list(found[0])
    assert all(re.fullmatch("[A-Za-z0-9_]+", name) for name in eager)
    assert float(eager["epoch_seconds_median"]) == 2.9
    assert (eager["trained_alike"], eager["quick"]) == ("true", "false")
    assert jit["accuracy_at_end"] == jit["ratio_to_flax_jit"] == ""
    assert jit["warnings"] == 'epoch: fell over, \\x1b[2J "now"; epoch: x'


def test_a_run_that_measured_nothing_has_no_record(tmp_path: Path) -> None:
    lost = [{"name": "test_epoch[x]", "outcome": "failed", "reason": "x"}]
    found = records(load(store(tmp_path / "a.json", lost=lost)))
    assert found == []
    assert to_csv(found) == ""
    assert json.loads(to_json(found)) == []
