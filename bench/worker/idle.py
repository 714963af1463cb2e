"""What is left to do when `train_epoch` returns? Nothing should be; here that is measured, outside the clock.

The parameters are read right after an epoch, and once more. The first read waits for what is left, but it may also be
slow in itself: it copies from the device, and the second finds that copy. So what it takes after an epoch is compared
with what it takes when there can be nothing left, after a single step and a pause.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from statistics import median
from typing import Any

import numpy as np

from bench.guard.backend import calling
from impls.contract import Backend

TRIES = 3
"""How often the usual read is measured: something may be compiled for a single step, in the first."""


def waiter(backend: Backend) -> Callable[[], None]:
    """The framework's own way to wait for its device, from the backend's probe; nothing at all where it has none."""
    with suppress(Exception):  # said by the figures that need the probe
        if probe := backend.probe():
            return probe.wait
    return lambda: None


def unfinished_seconds(backend: Backend, wait: Callable[[], None]) -> float:
    """Seconds of waiting for the device and of reading the parameters, less those of reading them once more.

    Args:
        backend: that has just trained.
        wait: of `waiter`, made before: this call should come right after the training.

    Raises:
        BackendError: the parameters cannot be read.
    """
    with calling("export_params"):
        begin = time.perf_counter()
        with suppress(Exception):  # it is optional, and reading waits as well
            wait()
        backend.export_params()
        middle = time.perf_counter()
        backend.export_params()
        return 2 * middle - begin - time.perf_counter()


def usual_seconds(backend: Backend, train: Any, order: np.ndarray, lr: float, pause: float) -> float:
    """What `unfinished_seconds` is where nothing is left to do: after one step and a pause. The median of a few.

    Args:
        backend: is trained by this.
        train: the training split, as its `to_device` returned it.
        order: (steps, batch) int64, of which the first step is made.
        lr: learning rate.
        pause: seconds, as long as what is suspected.

    Raises:
        BackendError: a method raised.
    """
    wait, found = waiter(backend), []
    for _ in range(TRIES):
        with calling("train_epoch"):
            backend.train_epoch(train, order[:1], lr)
        time.sleep(pause)
        found.append(unfinished_seconds(backend, wait))
    return median(found)
