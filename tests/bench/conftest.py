"""Settings that tests of the harness share, and the tests' fakes for worker processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.base.settings import Settings
from command import SUPPORT


@pytest.fixture
def importable_fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let worker processes import the tests' fakes."""
    monkeypatch.setenv("PYTHONPATH", str(SUPPORT))


@pytest.fixture
def settings(tmp_path: Path, importable_fakes: None) -> Settings:
    """Of made-up data, with the tests' fakes importable."""
    return Settings([], "cpu", "fp32", 1, True, 7, 60.0, tmp_path / "results", "abacus", synthetic=400)


@pytest.fixture
def real_settings(tmp_path: Path) -> Settings:
    """Of the real data."""
    return Settings([], "cpu", "fp32", 2, False, 0, 60.0, tmp_path / "results", "abacus")
