"""A results file is read if it is whole and of a known schema, and else named and left out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.results.load import load, read_run
from made_up_results import row, store
from made_up_schema_1 import EPOCH
from made_up_schema_1 import store as store_schema_1


def test_a_file_of_schema_2_is_read(tmp_path: Path) -> None:
    run = load(store(tmp_path / "a.json", row("epoch"), row("training", "flax:jit"), {}))
    assert (run.schema, run.code, run.complete) == (2, "0123abcd", True)
    assert list(run.rows) == [("pytorch:eager", "epoch"), ("flax:jit", "training")]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text[: len(text) // 2], "a.json is not a results file of this suite (it is not whole JSON: "),
        (lambda text: text.replace("2.9", "NaN", 1), "epoch_seconds[0]: nan is not finite"),
        (lambda text: text.replace("epoch_seconds", "epcoh_seconds"), "'epoch_seconds' is a required property"),
        (lambda text: text.replace('"schema": 2', '"schema": 99', 1), "results of schema 99, this version reads 1 and"),
    ],
)
def test_a_file_that_is_not_whole_and_sensible_is_named_and_left_out(
    tmp_path: Path, change: Callable[[str], str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = store(tmp_path / "a.json", row("epoch"))
    path.write_text(change(path.read_text()))
    assert read_run(path) is None
    warning = capsys.readouterr().err
    assert sentence in warning
    assert warning.startswith(f"warning: {path} ")
    assert warning.endswith(" It is left out.\n")


LOST = {"name": "test_epoch[flax:jit]", "outcome": "failed", "reason": "it fell over"}


def test_a_file_of_schema_1_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"benchmarks": [], "commit_info": {}, "datetime": "2026-01-01", "lost": [LOST]}))
    run = load(path)
    assert (run.schema, run.code, run.complete, run.records) == (1, None, None, [])


def test_a_file_of_another_schema_is_named_and_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = store_schema_1(tmp_path, "new", "2026-01-01", EPOCH | {"schema": 99})
    assert read_run(path) is None
    assert "new.json has results of schema 99, this version reads 1" in capsys.readouterr().err
