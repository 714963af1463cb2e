"""Energy, where the machine counts it: NVIDIA's driver for a GPU, RAPL for a processor. Never an estimate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.base import nvidia
from bench.base.nvidia import MeterError
from impls.contract import Probe

RAPL = Path("/sys/class/powercap")

Meter = Callable[[], float]
"""Joules used since some fixed moment; raises MeterError where that cannot be read."""


def meter(device: str, probe: Probe | None = None) -> Meter | None:
    """The device's meter; None where there is none that we may read.

    A processor's counts all that ran on it, not this process alone.

    Args:
        device: as ``--device`` takes it.
        probe: the backend's; it is asked of all devices but the CPU and NVIDIA's GPUs.
    """
    if device == "cpu":
        return rapl_meter()
    if device == "cuda" and not (probe and _asked(probe.device_name)):
        return nvidia.energy_meter()
    return probe_meter(probe) if probe else None


def probe_meter(probe: Probe) -> Meter | None:
    """What a backend's probe counts; None where it counts nothing."""
    if _asked(probe.energy_joules) is None:
        return None

    def joules() -> float:
        found = _asked(probe.energy_joules)
        if found is None:
            raise MeterError("the device's energy could not be read")
        return float(found)

    return joules


def _asked(question: Callable[[], Any]) -> Any:
    """An answer of a probe; None where it has none, or fails."""
    try:
        return question()
    except Exception:  # somebody else's code: a figure is missing, and nothing else
        return None


def rapl_meter(root: Path = RAPL) -> Meter | None:
    """The sum over all processor packages (Linux' powercap interface, which AMD's processors use as well).

    The counters wrap; a package that used more than one full range between two readings would be short by that.
    """
    packages = [p for p in sorted(root.glob("intel-rapl:*")) if p.name.count(":") == 1]
    try:
        ranges = [int((p / "max_energy_range_uj").read_text()) for p in packages]
        last = [int((p / "energy_uj").read_text()) for p in packages]
    except (OSError, ValueError):  # readable by root alone, as a rule
        return None
    if not packages:
        return None
    total = 0

    def joules() -> float:
        nonlocal total
        try:
            readings = [int((package / "energy_uj").read_text()) for package in packages]
        except (OSError, ValueError) as error:
            raise MeterError(f"the processor's energy could not be read ({error})") from error
        for index, now in enumerate(readings):
            total += (now - last[index]) % ranges[index]
            last[index] = now
        return total / 1e6

    return joules
