"""Is a measurement steady? What is not is said with numbers, and with what to do about it."""

from __future__ import annotations

from statistics import median

import psutil

from bench.base import nvidia, system
from bench.base.devices import Device

SPREAD = 0.10
"""Share of the median by which rounds may lie apart."""
DRIFT = 0.05
"""Share of the median by which they may have moved from the first to the last."""
BUSY_CORES = 0.2
"""How much of a core other programs may use; an idle desktop uses less."""


def complaints(seconds: list[float]) -> list[str]:
    """What is wrong with a row's rounds, a sentence each.

    Args:
        seconds: of every round, in the order in which they were run.
    """
    if len(seconds) < 3:
        return []
    middle, found = median(seconds), []
    if (spread := (max(seconds) - min(seconds)) / middle) > SPREAD:
        found.append(
            f"rounds scatter by {spread:.0%} ({min(seconds):.3g} to {max(seconds):.3g} s): trust the ratios, which "
            "were taken in turn, rather than the seconds; close other programs, or use more --blocks"
        )
    if abs(drift := _drift(seconds)) > DRIFT:
        found.append(
            f"rounds grew {'longer' if drift > 0 else 'shorter'} by {abs(drift):.0%} from first to last: a machine "
            "that warms up or is shared; let it come to rest and run again"
        )
    return found


def _drift(seconds: list[float]) -> float:
    """By what share of the median rounds moved from first to last; 0 where that may be chance.

    Theil and Sen's slope, and Kendall's rank test at 1 %: neither is led astray by a single slow round.
    """
    from scipy import stats  # half a second to import, which listing the benchmarks should not cost

    if stats.kendalltau(range(len(seconds)), seconds).pvalue > 0.01:
        return 0.0
    return float(stats.theilslopes(seconds).slope) * (len(seconds) - 1) / median(seconds)


def busy_cores(interval: float = 1.0) -> float:
    """Cores that programs are using, or that the hypervisor gives to others, over the next ``interval`` seconds.

    To be asked while no worker of ours runs.
    """
    times = psutil.cpu_times_percent(interval)
    idle = times.idle + getattr(times, "iowait", 0.0)
    return (100 - idle) / 100 * (psutil.cpu_count() or 1)


def complaints_at_start(device: str, busy: float, about: Device | None = None) -> list[str]:
    """What would spoil a run before it begins, a sentence each.

    Args:
        device: as ``--device`` takes it.
        busy: cores in use by others.
        about: what a backend's probe said of the device.
    """
    found = []
    if busy > BUSY_CORES:
        found.append(f"other programs kept {busy:.1f} cores busy before the start: close them and run again")
    named = about is not None and about.called is not None
    others = nvidia.foreign_processes() if device == "cuda" and not named else list(about.foreign) if about else []
    if others:
        found.append(
            f"the {'GPU' if device == 'cuda' else 'device'} was in use by other processes "
            f"({', '.join(map(str, others))}) before the start: end them and run again"
        )
    if reason := system.cannot_bind():
        found.append(reason)
    return found
