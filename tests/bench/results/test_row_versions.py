"""Rows state the specification, the suite and the digest of the backend's code; older rows are read without them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.base.settings import Settings
from bench.base.suite import stated
from bench.pytest_plugin.resume import Unfinished
from bench.results import row
from bench.results.load import load
from bench.results.schema import ResultsError, check
from bench.worker.agreement import Agreement
from command import ROOT
from impls.registry import choices
from made_up_results import FIGURES, content, store
from made_up_results import row as made_up_row

STATED: dict[str, Any] = {"spec": 2, "suite": "0.1.0", "code": "0123456789abcdef"}


def test_a_row_states_them(settings: Settings) -> None:
    info = {"variant": "jit", "data_fingerprint": "x", "versions": {}, "code": "0123"}
    found = row.common("epoch", settings, Agreement(choices("flax:jit")[0], info, "equivalent", ""))
    assert {name: found[name] for name in STATED} == stated() | {"code": "0123"}


@pytest.mark.parametrize("kind", FIGURES)
def test_every_kind_of_row_may_state_them_and_need_not(kind: str) -> None:
    check(content(made_up_row(kind, **STATED)))
    check(content(made_up_row(kind)))


@pytest.mark.parametrize("wrong", [{"spec": 0}, {"spec": "2"}, {"suite": ""}, {"code": "unknown!"}])
def test_what_they_state_is_checked(wrong: dict[str, Any]) -> None:
    with pytest.raises(ResultsError, match=next(iter(wrong))):
        check(content(made_up_row("epoch", **wrong)))


def test_a_run_that_is_resumed_keeps_the_digest(settings: Settings, tmp_path: Path) -> None:
    settings.choices.append(choices("pytorch:eager")[0])
    for more in ({}, {"code": "0123"}):
        benchmarks = [{"extra_info": made_up_row("agreement", **more)}]
        [agreement] = Unfinished(tmp_path, benchmarks, []).agreements(settings)
        assert row.common("epoch", settings, agreement).get("code") == more.get("code")


def test_committed_results_are_read_with_and_without_them(tmp_path: Path) -> None:
    paths = sorted((ROOT / "results").glob("*/*.json"))
    assert {"spec" in record for path in paths for record in load(path).records} == {True, False}
    assert load(store(tmp_path / "new.json", made_up_row("epoch", **STATED))).records[0]["spec"] == 2
