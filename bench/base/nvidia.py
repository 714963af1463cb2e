"""What NVIDIA's driver says of the first GPU; asking it imports no framework."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any


@contextmanager
def _first_gpu() -> Iterator[tuple[Any, Any]]:
    """NVML and its handle of the first GPU; raises NVMLError where there is none."""
    import pynvml

    pynvml.nvmlInit()
    try:
        yield pynvml, pynvml.nvmlDeviceGetHandleByIndex(0)
    finally:
        pynvml.nvmlShutdown()


def _asked(question: Callable[[Any, Any], Any]) -> Any:
    """The answer, or None where there is no GPU or no answer."""
    import pynvml

    try:
        with _first_gpu() as (nvml, gpu):
            return question(nvml, gpu)
    except pynvml.NVMLError:
        return None


@cache
def gpu_name() -> str | None:
    """Name of the GPU, or None."""
    name = _asked(lambda nvml, gpu: nvml.nvmlDeviceGetName(gpu))
    return None if name is None else str(name)


@cache
def gpu_driver() -> str | None:
    """Version of the driver, or None."""
    driver = _asked(lambda nvml, gpu: nvml.nvmlSystemGetDriverVersion())
    return None if driver is None else str(driver)


def foreign_processes() -> list[int]:
    """Ids of other processes that compute on the GPU."""
    found = _asked(lambda nvml, gpu: nvml.nvmlDeviceGetComputeRunningProcesses(gpu)) or []
    return sorted(process.pid for process in found if process.pid != os.getpid())


def energy_meter() -> Callable[[], float] | None:
    """The GPU's energy since the driver was loaded, in joules; None before the Volta generation, which counts none."""

    def joules() -> float | None:
        millijoules = _asked(lambda nvml, gpu: nvml.nvmlDeviceGetTotalEnergyConsumption(gpu))
        return None if millijoules is None else millijoules / 1000

    return None if joules() is None else lambda: joules() or 0.0
