"""What is left to do after an epoch is told from a read that is slow in itself, on a clock and a device of our own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bench.timing.waiting import ensure_waited
from bench.worker import idle, timed_epoch
from bench.worker.process import WorkerError
from fakes import Sound
from impls.spec import Params, initial_params

ORDER = np.zeros((100, 2), np.int64)
STEP, COPY = 0.004, 0.3
"""Seconds that a device needs for a step, and to copy the parameters to the host."""


class Clock:
    """Stands in for the module `time`."""

    now = 0.0

    def perf_counter(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    for module in (idle, timed_epoch):
        monkeypatch.setattr(module, "time", found)
    return found


class Waits(Sound):
    """A device with a queue: training takes its time, and the first read after it copies."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock, self.done_at, self.left = clock, 0.0, 0.0
        self.load_params(initial_params(0))

    def train_epoch(self, data: Any, order: np.ndarray, lr: float) -> np.ndarray:
        self.done_at, self.copied = self.clock.now + STEP * len(order), False
        self.end()
        return np.zeros(len(order), np.float32)

    def end(self) -> None:
        self.wait()

    def wait(self) -> None:
        self.clock.now = max(self.clock.now, self.done_at)

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.copied = True  # the host has them already

    def export_params(self) -> Params:
        self.wait()
        self.clock.now += 0.0 if self.copied else COPY
        self.copied = True
        return super().export_params()


class DoesNotWait(Waits):
    """Returns while the device is at work."""

    def end(self) -> None:
        pass


class DoesNotWaitAndHasNoCopy(DoesNotWait):
    def export_params(self) -> Params:
        self.copied = True
        return super().export_params()


class IsLazy(Waits):
    """Does nothing before its results are asked for."""

    def train_epoch(self, data: Any, order: np.ndarray, lr: float) -> np.ndarray:
        self.left, self.copied = STEP * len(order), False
        return np.zeros(len(order), np.float32)

    def export_params(self) -> Params:
        self.clock.now, self.left = self.clock.now + self.left, 0.0
        return super().export_params()


def with_probe(cls: type[Waits], wait: Callable[[Waits], None]) -> type[Waits]:
    class Probed(cls):  # type: ignore[valid-type, misc]
        def probe(self) -> Any:
            backend = self

            class Probe:
                def wait(self) -> None:
                    wait(backend)

            return Probe()

    return Probed


def no_wait(backend: Waits) -> None:
    """A framework that computes within each call: it sees nothing of the backend's own thread."""


def fails(backend: Waits) -> None:
    raise RuntimeError("no such device")


def accused(backend: Waits) -> str:
    """What the backend is accused of after three epochs of 100 steps, 0.4 s each; empty where it is not."""
    epochs = [timed_epoch.timed_epoch(backend, None, ORDER, 1e-3) for _ in range(3)]
    try:
        ensure_waited(
            "mine",
            [each.unfinished_seconds for each in epochs],
            [each.seconds for each in epochs],
            lambda pause: idle.usual_seconds(backend, None, ORDER, 1e-3, pause),
        )
    except WorkerError as error:
        return str(error)
    return ""


PROBES = {"none": None, "waits": Waits.wait, "has nothing to wait for": no_wait, "fails": fails}


@pytest.mark.parametrize("probe", PROBES)
def test_a_first_read_that_copies_is_no_fault(clock: Clock, probe: str) -> None:
    wait = PROBES[probe]
    cls = with_probe(Waits, wait) if wait else Waits
    assert accused(cls(clock)) == ""


@pytest.mark.parametrize("cls", [DoesNotWait, DoesNotWaitAndHasNoCopy, IsLazy])
@pytest.mark.parametrize("probe", PROBES)
def test_work_that_is_left_is_seen(clock: Clock, cls: type[Waits], probe: str) -> None:
    wait = PROBES[probe]
    sentence = accused((with_probe(cls, wait) if wait else cls)(clock))
    assert sentence.startswith("mine: train_epoch returns before its device is idle: reading the parameters")
    assert "wait for the device at its end" in sentence


def test_the_probe_is_asked_before_anything_is_read(clock: Clock) -> None:
    happened: list[str] = []

    class Told(Waits):
        def export_params(self) -> Params:
            happened.append("read")
            return super().export_params()

    backend = with_probe(Told, lambda backend: happened.append("wait"))(clock)
    timed_epoch.timed_epoch(backend, None, ORDER, 1e-3)
    assert happened == ["wait", "read", "read"]


def test_the_usual_read_is_not_measured_without_suspicion() -> None:
    def never(pause: float) -> float:
        raise AssertionError

    ensure_waited("mine", [0.3, 0.004, 0.3], [1.0, 1.0, 1.0], never)
    ensure_waited("mine", [0.3, 0.3], [20.0, 15.0], never)


def test_the_pause_is_as_long_as_what_is_suspected_within_reason() -> None:
    pauses: list[float] = []

    def usual(pause: float) -> float:
        pauses.append(pause)
        return 100.0

    ensure_waited("mine", [0.3, 0.4], [1.0, 1.0], usual)
    ensure_waited("mine", [60.0], [1.0], usual)
    assert pauses == [0.3, 5.0]
