"""A worker refuses a precision that its backend does not offer, and an answer is read by the call that asked."""

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


def test_an_interrupted_call_leaves_no_answer_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next call would take it for its own."""

    def interrupt(doing: str) -> None:
        raise KeyboardInterrupt

    with WorkerProcess("sound", threads=1, timeout=60) as worker:
        with monkeypatch.context() as patch:
            patch.setattr(worker, "_wait", interrupt)
            with pytest.raises(KeyboardInterrupt):
                worker.call("no_such_method")
        with pytest.raises(WorkerError, match="sound was interrupted during no_such_method, so start was not tried"):
            worker.call("start")
        assert not worker.alive
