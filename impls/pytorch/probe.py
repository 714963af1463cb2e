"""The probe of a device under PyTorch; it serves any backend in that framework."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch.autograd import DeviceType
from torch.profiler import ProfilerActivity, profile

from impls.contract import Activity, Probe
from impls.pytorch import device as devices


class TorchProbe(Probe):
    """A device as PyTorch sees it.

    Args:
        device: the backend's.
        precision: "bf16" multiplies bfloat16 matrices; else they are float32, and whether TF32 is used is as the
            backend has set it.
    """

    def __init__(self, device: torch.device, precision: str) -> None:
        self.device = device
        self.dtype = torch.bfloat16 if precision == "bf16" else torch.float32

    def matrix_product(self, size: int) -> Callable[[], None]:
        # Not all the same number: a GPU draws less power on those, and clocks higher.
        a, b = torch.rand(2, size, size, device=self.device, dtype=self.dtype)
        product = torch.empty_like(a)

        def run() -> None:
            torch.mm(a, b, out=product)
            self.wait()

        return run

    def copy(self, elements: int) -> Callable[[], None]:
        # Not zeros: on a CPU they may be one page, mapped many times.
        source = torch.ones(elements, device=self.device)
        target = torch.empty_like(source)

        def run() -> None:
            target.copy_(source)
            self.wait()

        return run

    def peak_bytes(self) -> int | None:
        return torch.cuda.max_memory_allocated(self.device) if self.device.type == "cuda" else None

    def activity(self, run: Callable[[], object]) -> Activity | None:
        if self.device.type != "cuda":
            return None
        with profile(activities=[ProfilerActivity.CUDA], acc_events=True) as profiler:  # else some versions warn
            run()
        return activity_of(profiler.events())

    def wait(self) -> None:
        devices.wait(self.device)

    def device_name(self) -> str | None:
        return devices.name_of(self.device)

    def driver(self) -> str | None:
        return devices.driver_of(self.device)


def activity_of(events: Iterable[Any]) -> Activity:
    """The GPU's activity among a profiler's events (`torch.autograd.profiler_util.FunctionEvent`, microseconds)."""
    return Activity.of_events(
        (event.name, event.time_range.start / 1e6, event.time_range.end / 1e6)
        for event in events
        # An annotation spans kernels and the gaps between them (github.com/pytorch/pytorch/issues/130730).
        if event.device_type == DeviceType.CUDA and not event.is_user_annotation
    )
