"""Energy, where the machine counts it: NVIDIA's driver for a GPU, RAPL for a processor. Never an estimate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bench.base import nvidia
from bench.base.nvidia import MeterError

RAPL = Path("/sys/class/powercap")

Meter = Callable[[], float]
"""Joules used since some fixed moment; raises MeterError where that cannot be read."""


def meter(device: str) -> Meter | None:
    """The device's meter; None where there is none that we may read.

    A processor's counts all that ran on it, not this process alone.

    Args:
        device: "cpu" or "cuda".
    """
    return nvidia.energy_meter() if device == "cuda" else rapl_meter()


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
