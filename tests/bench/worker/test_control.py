"""The control is PyTorch's loop wherever it can run, and NumPy's elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.worker.bare_process import BareProcess
from bench.worker.control import NUMPY, PYTORCH, control
from impls import registry
from impls.data.synthetic import synthetic_split


def test_pytorch_where_it_can_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "not_installed", lambda packages: [])
    assert PYTORCH.script.is_file()
    assert {control(device) for device in ("cpu", "cuda", "xpu:1")} == {PYTORCH}
    assert control("abacus") is NUMPY


def test_numpy_where_pytorch_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "not_installed", list)
    assert control("cpu") is NUMPY


def test_the_numpy_loop_answers_as_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "not_installed", list)
    with BareProcess(synthetic_split("train", 400), device="cpu", threads=1, precision="fp32", timeout=60) as bare:
        assert Path(bare.control.script).name == "bare_loop_numpy.py"
        assert bare.train(2) > 0
