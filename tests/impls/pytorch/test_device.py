"""PyTorch's devices: those that nobody here has end in a sentence, and AMD's GPUs are called what they are."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from impls.errors import DeviceUnavailableError
from impls.pytorch import device


@pytest.mark.parametrize(("name", "what"), [("cuda", "CUDA device"), ("xpu", "Intel GPU"), ("mps", "GPU of Apple's")])
def test_a_missing_device_is_one_sentence(name: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (torch.cuda, torch.xpu, torch.backends.mps):
        monkeypatch.setattr(module, "is_available", lambda: False)
    with pytest.raises(DeviceUnavailableError, match=f"PyTorch finds no {what}.*use --device cpu"):
        device.device_named(name)


def test_rocm_is_named_and_has_no_tf32(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu = torch.device("cuda")
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _: "AMD Instinct MI300X")
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: (9, 4))
    monkeypatch.setattr(torch.version, "hip", None)
    assert (device.name_of(gpu), device.driver_of(gpu), device.capability_of(gpu)) == (None, None, (9, 4))
    monkeypatch.setattr(torch.version, "hip", "6.4")
    assert device.name_of(gpu) == "AMD Instinct MI300X (ROCm)"
    assert device.driver_of(gpu) == "ROCm 6.4"
    assert device.capability_of(gpu) is None


def test_the_harness_waits_for_the_device_that_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = []
    monkeypatch.setattr(torch.xpu, "synchronize", lambda _: waited.append("xpu"))
    monkeypatch.setattr(torch.mps, "synchronize", lambda: waited.append("mps"))
    for name in ("xpu", "mps", "cpu"):
        device.wait(SimpleNamespace(type=name))
    assert waited == ["xpu", "mps"]
