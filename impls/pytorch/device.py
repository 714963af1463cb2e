"""Devices as PyTorch names them. This module chooses one and trains nothing."""

from __future__ import annotations

import torch

from impls.errors import DeviceUnavailableError

DEVICES = ("cuda", "xpu", "mps", "cpu")
"""NVIDIA's and AMD's GPUs, Intel's, Apple's, and the processor. xpu, mps and AMD's GPUs were never run."""


def device_named(name: str) -> torch.device:
    """A device that is there.

    Raises:
        DeviceUnavailableError: it is not.
    """
    if name == "cuda" and not torch.cuda.is_available():
        raise DeviceUnavailableError("PyTorch finds no CUDA device; check nvidia-smi, or use --device cpu.")
    # Never run: no machine of ours has such a device.
    if name == "xpu" and not torch.xpu.is_available():
        raise DeviceUnavailableError("PyTorch finds no Intel GPU (xpu); check its driver, or use --device cpu.")
    if name == "mps" and not torch.backends.mps.is_available():
        raise DeviceUnavailableError("PyTorch finds no GPU of Apple's (mps) here; use --device cpu.")
    return torch.device(name)


def capability_of(device: torch.device) -> tuple[int, int] | None:
    """The compute capability of an NVIDIA GPU; None of anything else, an AMD GPU included."""
    return torch.cuda.get_device_capability(device) if device.type == "cuda" and not is_rocm() else None


def is_rocm() -> bool:
    """Whether this PyTorch calls AMD's GPUs "cuda" (pytorch.org/docs/stable/notes/hip.html)."""
    return torch.version.hip is not None


def wait(device: torch.device) -> None:
    """Return when the device is idle."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "xpu":  # never run
        torch.xpu.synchronize(device)
    elif device.type == "mps":  # never run
        torch.mps.synchronize()


def name_of(device: torch.device) -> str | None:
    """What the harness cannot find out by itself; None of NVIDIA's GPUs and of processors. Never run."""
    if device.type == "cuda" and is_rocm():
        return f"{torch.cuda.get_device_name(device)} (ROCm)"
    if device.type == "xpu":
        return str(torch.xpu.get_device_name(device))
    return "Apple GPU (Metal)" if device.type == "mps" else None


def driver_of(device: torch.device) -> str | None:
    """The driver or what stands for it; None where the harness knows better or PyTorch does not say. Never run."""
    if device.type == "cuda" and is_rocm():
        return f"ROCm {torch.version.hip}"
    if device.type == "xpu":
        return str(torch.xpu.get_device_properties(device).driver_version)
    return None
