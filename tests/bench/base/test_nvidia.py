"""What NVIDIA's driver says of other processes and of energy is passed on."""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace

import pytest

from bench.base import nvidia
from bench.timing import stability
from bench.worker import energy


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Stands in for pynvml: one GPU, on which this process and 4242 compute."""
    found = SimpleNamespace(
        NVMLError=RuntimeError,
        millijoules=5_000,
        nvmlInit=lambda: None,
        nvmlShutdown=lambda: None,
        nvmlDeviceGetHandleByIndex=lambda index: f"gpu {index}",
        nvmlDeviceGetComputeRunningProcesses=lambda gpu: [SimpleNamespace(pid=pid) for pid in (os.getpid(), 4242)],
        nvmlDeviceGetTotalEnergyConsumption=lambda gpu: found.millijoules,
    )
    monkeypatch.setitem(sys.modules, "pynvml", found)
    return found


@pytest.mark.usefixtures("driver")
def test_a_gpu_in_use_is_said_before_measuring() -> None:
    assert nvidia.foreign_processes() == [4242]
    [sentence] = stability.complaints_at_start("cuda", busy=0.0)
    assert sentence.startswith("the GPU was in use by other processes (4242) before the start")
    assert stability.complaints_at_start("cpu", busy=0.0) == []


def test_a_gpus_energy_is_in_joules(driver: SimpleNamespace) -> None:
    joules = energy.meter("cuda")
    assert joules
    before = joules()
    driver.millijoules += 1_500
    assert joules() - before == pytest.approx(1.5)
