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
from impls.pytorch.probe import TorchProbe


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


# --- a GPU's waiting, against stand-ins -----------------------------------------------------------------------


@pytest.fixture
def happened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of the device, in order."""
    found: list[str] = []
    product, copy = torch.mm, torch.Tensor.copy_

    def mm(*args: Any, **kwargs: Any) -> torch.Tensor:
        found.append("product")
        return product(*args, **kwargs)

    def copy_(self: torch.Tensor, *args: Any) -> torch.Tensor:
        found.append("copy")
        return copy(self, *args)

    monkeypatch.setattr(torch, "mm", mm)
    monkeypatch.setattr(torch.Tensor, "copy_", copy_)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda device: found.append(f"wait for {device}"))
    return found


def test_products_and_copies_end_when_the_device_is_idle(happened: list[str]) -> None:
    probe = TorchProbe(torch.device("cpu"), "fp32")
    product, copy = probe.matrix_product(8), probe.copy(8)
    probe.device = torch.device("cuda")  # the operands stay where they are
    happened.clear()
    product()
    copy()
    assert happened == ["product", "wait for cuda", "copy", "wait for cuda"]


def test_it_waits_for_its_own_device(happened: list[str]) -> None:
    TorchProbe(torch.device("cuda:1"), "fp32").wait()
    TorchProbe(torch.device("cpu"), "fp32").wait()
    assert happened == ["wait for cuda:1"]


def test_activity_is_of_the_run_and_of_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[str] = []

    class Profile:
        def __init__(self, **options: Any) -> None:
            assert options["activities"] == [ProfilerActivity.CUDA]

        def __enter__(self) -> Profile:
            happened.append("begin")
            return self

        def __exit__(self, *error: object) -> None:
            happened.append("end")

        def events(self) -> list[Any]:
            happened.append("read")
            return []

    monkeypatch.setattr(torch_probe, "profile", Profile)
    probe = TorchProbe(torch.device("cuda"), "fp32")
    assert probe.activity(lambda: happened.append("run")) == Activity(0.0, 0)
    assert happened == ["begin", "run", "end", "read"]


def test_peak_memory_is_the_gpus_and_absent_on_a_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", {torch.device("cuda:1"): 123}.get)
    assert TorchProbe(torch.device("cuda:1"), "fp32").peak_bytes() == 123
    assert TorchProbe(torch.device("cpu"), "fp32").peak_bytes() is None
    assert TorchProbe(torch.device("cpu"), "fp32").activity(lambda: None) is None
