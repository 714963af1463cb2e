"""PyTorch's probe reads the device's activity from a profile."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch.autograd import DeviceType
from torch.profiler import ProfilerActivity, profile

from impls.contract import Activity
from impls.pytorch import probe as torch_probe


def torch_event(name: str, start: float, end: float, device: Any = DeviceType.CUDA, annotation: bool = False) -> Any:
    return SimpleNamespace(
        name=name,
        time_range=SimpleNamespace(start=start, end=end),
        device_type=device,
        is_user_annotation=annotation,
    )


def test_torchs_events_are_read() -> None:
    events = [
        torch_event("Memcpy HtoD (Pageable -> Device)", 0, 10),
        torch_event("ampere_sgemm_128x64_tn", 5, 25),
        torch_event("void at::native::vectorized_elementwise_kernel<4>", 30, 40),
        torch_event("Memset (Device)", 40, 41),
        torch_event("Optimizer.step#Adam.step", 0, 1000, annotation=True),
        torch_event("cudaLaunchKernel", 0, 2000, device=DeviceType.CPU),
    ]
    found = torch_probe.activity_of(events)
    assert found.kernels == 2
    assert found.busy_seconds == pytest.approx(36e-6)


def test_torchs_real_events_have_what_is_read() -> None:
    with profile(activities=[ProfilerActivity.CPU], acc_events=True) as profiler:
        torch.ones(3) + 1
    events = profiler.events()
    assert torch_probe.activity_of(events) == Activity(0, 0)
    for event in events:
        event.device_type = DeviceType.CUDA
    found = torch_probe.activity_of(events)
    assert found.kernels == len(events) > 0
    assert 0 < found.busy_seconds < 1
