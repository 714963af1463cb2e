"""What a worker measures beside its timed epochs: latency, memory, activity, energy, and the device's ceilings.

Each gives a part of a row, under the names of `bench/results/schema.json`; a part that cannot be had is empty.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from bench.base.nvidia import MeterError
from bench.guard.backend import calling
from bench.worker import limits, resources
from bench.worker.energy import Meter
from impls.contract import Backend

LATENCY_BATCHES = (1, 100)
LATENCY_CALLS = 50
ENERGY_SECONDS = 2.0
"""Least time over which energy is counted: NVIDIA's counter moves some ten times a second."""


def latency(backend: Backend, images: np.ndarray) -> dict[str, float]:
    """Median seconds of a call of `log_probs` on (N, 3, 32, 32) float32 images, from NumPy in to NumPy out."""
    batch = images.copy()
    seconds = []
    with calling("log_probs"):
        for _ in range(3):  # compilation and first allocations do not count
            backend.log_probs(batch)
        for _ in range(LATENCY_CALLS):
            begin = time.perf_counter()
            backend.log_probs(batch)
            seconds.append(time.perf_counter() - begin)
    return {f"latency_seconds_batch_{len(batch)}": median(seconds)}


def host_peak() -> dict[str, int]:
    """The most memory of the host that was resident so far."""
    return {"peak_host_bytes": resources.peak_host_bytes()}


def device_peak(backend: Backend) -> dict[str, int]:
    """The most memory of the device that was allocated so far, where the framework counts it."""
    with calling("probe"):
        probe = backend.probe()
        most = probe.peak_bytes() if probe else None
    return {} if most is None else {"peak_device_bytes": most}


def activity(backend: Backend, train_epoch: Callable[[], Any], steps: int) -> dict[str, float]:
    """What a GPU does in one epoch under the framework's profiler, which slows it: hence never a timed one."""
    seconds: list[float] = []

    def run() -> None:
        begin = time.perf_counter()
        train_epoch()
        seconds.append(time.perf_counter() - begin)

    with calling("probe"):
        probe = backend.probe()
        found = probe.activity(run) if probe else None
    if found is None:
        return {}
    return {
        "device_busy_seconds": found.busy_seconds,
        "device_busy_share": min(1.0, found.busy_seconds / seconds[0]),  # two clocks
        "kernels_per_step": found.kernels / steps,
    }


def energy(joules: Meter | None, train_epoch: Callable[[], Any]) -> dict[str, float]:
    """Joules of the device per epoch, over as many epochs as the meter needs to be read well.

    Raises:
        MeterError: a reading failed, or the counter went backwards, as it does when the driver is loaded anew.
    """
    if joules is None:
        return {}
    epochs, begin, before = 0, time.perf_counter(), joules()
    with calling("train_epoch"):
        while time.perf_counter() - begin < ENERGY_SECONDS:
            train_epoch()
            epochs += 1
    used = joules() - before
    if used < 0:
        raise MeterError(f"the energy counter went backwards, by {-used:.3g} J")
    return {"energy_joules": used / epochs}


def ceilings(backend: Backend, device: str) -> dict[str, float]:
    """`bench.worker.limits.measure`; empty for a backend that has no probe."""
    with calling("probe"):
        probe = backend.probe()
        return limits.measure(probe, device) if probe else {}
