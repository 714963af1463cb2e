"""A run is not resumed in another environment: its rows would mix two conditions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.base.code_digest import harness_digest
from bench.base.environment import recorded
from bench.base.settings import Settings
from bench.pytest_plugin.resume import newest_unfinished
from bench.worker.process import worker_environment
from impls.errors import LenetError
from made_up_results import content, row


def test_a_run_is_resumed_in_its_own_environment_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XLA_FLAGS", raising=False)
    settings = Settings.checked([], device="cpu", threads=1, timeout=1, results=tmp_path, machine="abacus")
    about = {"schema": 2, "complete": False, "options": settings.as_dict(), "code": harness_digest(), "warnings": []}
    rows = [row("agreement", environment=recorded(worker_environment(1)))]
    (tmp_path / "abacus").mkdir()
    written = content(*rows, run=about)
    for benchmark in written["benchmarks"]:
        benchmark |= {"name": "test_agreement[a]", "fullname": "test_agreement.py::test_agreement[a]"}
    (tmp_path / "abacus" / "a.json").write_text(json.dumps(written))
    assert len(newest_unfinished(settings).benchmarks) == 1
    monkeypatch.setenv("XLA_FLAGS", "--xla_a=true")
    with pytest.raises(LenetError, match=r"environment has changed .* XLA_FLAGS \(not set and --xla_a=true\)"):
        newest_unfinished(settings)
