"""What was it measured on? Devices, their names, and the versions of everything that matters."""

from __future__ import annotations

import platform
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from bench.base.nvidia import gpu_name


@cache
def cpu_info() -> dict[str, object]:
    """What py-cpuinfo knows of the processor, but for the clock rates of the moment."""
    import cpuinfo

    info: dict[str, object] = cpuinfo.get_cpu_info() or {}
    return {key: value for key, value in info.items() if not key.startswith("hz_actual")}


def cpu_name() -> str:
    """The processor's model, e.g. "AMD EPYC 9655"."""
    return str(cpu_info().get("brand_raw") or platform.processor() or platform.machine())


def device_name(device: str, threads: int, called: str | None = None) -> str:
    """The device in words: the GPU's name, or the processor's with the number of cores used.

    Args:
        device: as ``--device`` takes it.
        threads: cores used.
        called: what the backend's probe calls it; where there is none, a device that is not ours keeps its own name.
    """
    if called:
        return called
    if device == "cuda":
        return gpu_name() or "CUDA device"
    if device != "cpu":
        return device
    return f"{cpu_name()}, {threads} core{'s' if threads > 1 else ''}"


def folder_name(device: str, threads: int, called: str | None = None) -> str:
    """The device as a folder's name, e.g. ``amd-epyc-2-cores``."""
    words = re.sub(r"\((r|tm)\)|\bprocessor\b|\bcpu\b|@.*$", " ", device_name(device, threads, called).lower())
    return re.sub(r"[^a-z0-9]+", "-", words).strip("-") or device  # a name without any Latin letter or digit


def versions(packages: tuple[str, ...]) -> dict[str, str]:
    """Versions of Python, NumPy and the distributions named, as installed."""
    found = {"python": platform.python_version()}
    for package in ("numpy", *packages):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "unknown"
    return found
