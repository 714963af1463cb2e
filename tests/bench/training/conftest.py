"""What tests of training share beside the settings of all tests of the harness."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.base.cores import available_cores
from bench.base.settings import Settings
from bench.training import paired
from short_trainings import MANY


@pytest.fixture
def two_cores(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """As `settings`, but on two cores, and the baseline is a fake that trains several seeds at once."""
    if available_cores() < 2:
        pytest.skip("needs two cores")
    monkeypatch.setattr(paired, "BASELINE", MANY)
    return replace(settings, threads=2, synthetic=200)
