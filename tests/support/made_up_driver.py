"""A stand-in for pynvml, NVIDIA's driver: some GPUs, who computes on them, and a record of what was asked."""

from __future__ import annotations

# Methods have the names of pynvml's functions.
# ruff: noqa: N802
import os
from collections.abc import Sequence
from types import SimpleNamespace


class NVMLError(Exception):
    """What the driver raises."""


class Driver:
    """A machine's GPUs.

    Args:
        uuids: of the GPUs, in the driver's order; none is a machine without a driver.
        mig: UUIDs of instances that GPUs are divided into.

    Attributes:
        asked: names of the functions called, in order.
        millijoules: what the next readings of energy give; None fails.
    """

    NVMLError = NVMLError

    def __init__(self, uuids: Sequence[str] = ("GPU-8f3a-0", "GPU-8f3b-1"), mig: Sequence[str] = ()) -> None:
        self.uuids, self.mig = list(uuids), list(mig)
        self.asked: list[str] = []
        self.millijoules: int | None = 5_000

    def nvmlInit(self) -> None:
        self.asked.append("init")
        if not self.uuids:
            raise NVMLError("Driver Not Loaded")

    def nvmlShutdown(self) -> None:
        self.asked.append("shutdown")

    def nvmlDeviceGetCount(self) -> int:
        return len(self.uuids)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> str:
        return self.uuids[index]

    def nvmlDeviceGetHandleByUUID(self, uuid: str) -> str:
        if uuid not in self.mig:
            raise NVMLError("Not Found")
        return uuid

    def nvmlDeviceGetUUID(self, gpu: str) -> str:
        return gpu

    def nvmlDeviceGetName(self, gpu: str) -> str:
        return f"Abacus {gpu}"

    def nvmlSystemGetDriverVersion(self) -> str:
        return "600.1"

    def nvmlDeviceGetComputeRunningProcesses(self, gpu: str) -> list[SimpleNamespace]:
        return [SimpleNamespace(pid=pid) for pid in (os.getpid(), 4242 + self.uuids.index(gpu))]

    def nvmlDeviceGetTotalEnergyConsumption(self, gpu: str) -> int:
        self.asked.append("energy")
        if self.millijoules is None:
            raise NVMLError("GPU is lost")
        return self.millijoules
