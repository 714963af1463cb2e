"""What NVIDIA's driver says of the GPU that CUDA would use; asking it imports no framework.

A program's first CUDA device is not the driver's first GPU where ``CUDA_VISIBLE_DEVICES`` says otherwise. It is read as
CUDA reads it (CUDA C++ Programming Guide, "CUDA Environment Variables"): indices, UUIDs or unique beginnings of UUIDs,
``GPU-...`` or ``MIG-...``, separated by commas. An empty value, or a first entry that names no GPU, hides all GPUs.
Indices are the driver's own, since workers run with ``CUDA_DEVICE_ORDER=PCI_BUS_ID``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import Any

from impls.errors import LenetError

VISIBLE = "CUDA_VISIBLE_DEVICES"


class MeterError(LenetError):
    """A meter that was there could not be read."""


@cache
def gpu_name() -> str | None:
    """Name of the GPU, or None where there is none or none is visible."""
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
    """The GPU's energy since the driver was loaded, in joules; None before the Volta generation, which counts none.

    The driver is opened here and stays open, so that a reading costs what it must and no more.

    Returns:
        A function that raises MeterError where a reading fails.
    """
    import pynvml

    try:
        pynvml.nvmlInit()
        gpu = _first_visible(pynvml)
        if gpu is None:
            return None
        pynvml.nvmlDeviceGetTotalEnergyConsumption(gpu)
    except pynvml.NVMLError:
        return None

    def joules() -> float:
        try:
            return float(pynvml.nvmlDeviceGetTotalEnergyConsumption(gpu)) / 1000
        except pynvml.NVMLError as error:
            raise MeterError(f"the GPU's energy could not be read ({error})") from error

    return joules


def _asked(question: Callable[[Any, Any], Any]) -> Any:
    """The answer of the driver, or None where there is no GPU or no answer."""
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return None
    try:
        gpu = _first_visible(pynvml)
        return None if gpu is None else question(pynvml, gpu)
    except pynvml.NVMLError:
        return None
    finally:
        pynvml.nvmlShutdown()


def _first_visible(nvml: Any) -> Any:
    """The driver's handle of what CUDA calls device 0; None where CUDA would see no device."""
    listed = os.environ.get(VISIBLE)
    first = "0" if listed is None else listed.partition(",")[0].strip()
    count = nvml.nvmlDeviceGetCount()
    if first.startswith("MIG-"):
        return nvml.nvmlDeviceGetHandleByUUID(first)
    if first.startswith("GPU-"):
        gpus = [nvml.nvmlDeviceGetHandleByIndex(index) for index in range(count)]
        named = [gpu for gpu in gpus if str(nvml.nvmlDeviceGetUUID(gpu)).startswith(first)]
        return named[0] if len(named) == 1 else None
    return nvml.nvmlDeviceGetHandleByIndex(int(first)) if first.isdecimal() and int(first) < count else None
