"""A worker refuses a precision that its backend does not offer."""

from __future__ import annotations

import pytest

from bench.worker.process import WorkerError, WorkerProcess
from command import SUPPORT
from impls import registry
from impls.errors import LenetError


def test_a_precision_that_a_backend_does_not_offer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(SUPPORT))
    [choice] = registry.choices("fakes:Sound")
    with WorkerProcess("sound", threads=1, timeout=60) as worker, pytest.raises(WorkerError) as caught:
        worker.call("start", choice, "cpu", "int8", None, 200)
    assert "does not offer int8; it offers fp32" in str(caught.value)
    assert isinstance(caught.value, LenetError)
