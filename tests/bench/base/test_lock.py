"""Only one measurement at a time holds the machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.base.lock import machine_lock
from impls.errors import LenetError


def test_two_measurements_notice_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_LOCK", str(tmp_path / "lock"))
    sentence = rf"under way on this machine \(process {os.getpid()}, since "
    with machine_lock(), pytest.raises(LenetError, match=sentence), machine_lock():
        pass
    with machine_lock():
        pass


def test_a_lock_that_cannot_be_had_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_LOCK", "/proc/none/lock")
    with pytest.raises(LenetError, match="lock /proc/none/lock cannot be taken"), machine_lock():
        pass
