"""What tests of training share beside the settings of all tests of the harness."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

import side_by_side
from bench.base.cores import available_cores
from bench.base.settings import Settings
from bench.training import paired
from short_trainings import MANY


@pytest.fixture
def two_cores(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """As `settings`, but on two cores, and the baseline is a fake that trains several seeds at once."""
    with side_by_side.all_cores():
        if available_cores() < 2:
            pytest.skip("needs two cores")
        monkeypatch.setattr(paired, "BASELINE", MANY)
        yield replace(settings, threads=2, synthetic=200)
