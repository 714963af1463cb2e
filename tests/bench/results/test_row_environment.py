"""Rows and the report of a check hold the environment of their workers."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from bench.base.settings import Settings
from bench.cli.check import Check
from bench.report.terminal.ladder import LadderView
from bench.results import row
from bench.worker.agreement import Agreement
from impls.registry import choices


def test_rows_and_reports_hold_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLA_FLAGS", "--xla_a=true")
    monkeypatch.setenv("OMP_PROC_BIND", "true")
    settings = Settings.checked([], device="cpu", threads=1, timeout=1, results=tmp_path, machine="abacus")
    choice = choices("flax:jit")[0]
    info = {"variant": "jit", "data_fingerprint": "x", "versions": {}}
    stored = row.common("epoch", settings, Agreement(choice, info, "equivalent", ""))["environment"]
    view = LadderView(Console(), verbose=False)
    reported = Check(choice, settings, view, past_failures=False).as_dict()["environment"]
    assert stored == reported
    assert stored["XLA_FLAGS"] == "--xla_a=true"
    assert "OMP_PROC_BIND" not in stored
