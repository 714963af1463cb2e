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
SECOND_EPOCH, SECOND_EVALUATION = 0.25, 1.5
"""Share by which the second of a process may take longer than those that follow: on a CPU an epoch takes up to a tenth
longer, and an evaluation up to twice as long, with nothing compiled in it."""
COMPILE_SECONDS = 0.05
"""What takes no longer than this was not compiled."""
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


def recompiled(
    seconds: list[float], blocks: list[int], second: list[float], *, what: str = "epoch", usual: float = SECOND_EPOCH
) -> list[str]:
    """One sentence if the second epoch of a process takes longer than the steady ones by more than scatter explains.

    Each process is compared with itself. Of several, more than half must show it: a machine may be slow for a moment.

    Args:
        seconds: of every round.
        blocks: the block that each round was in.
        second: of the second epoch in each block, in order; nothing is said where they do not match the blocks.
        what: was timed.
        usual: share by which it may take longer anyway.
    """
    numbers = list(dict.fromkeys(blocks))
    if not second or len(second) != len(numbers):
        return []
    rounds = [[s for s, b in zip(seconds, blocks, strict=True) if b == number] for number in numbers]
    scatter = max((max(each) - min(each)) / median(each) for each in rounds)
    beyond = [
        late > median(each) * (1 + usual + 2 * scatter) and late - median(each) > COMPILE_SECONDS
        for late, each in zip(second, rounds, strict=True)
    ]
    if 2 * sum(beyond) <= len(beyond):
        return []
    return [
        f"the second {what} of a process takes {median(second):.3g} s where later ones take {median(seconds):.3g} s: "
        f"something is compiled again in it, which is in neither the first {what} nor the steady ones; look for what "
        "changes after the first call (weak types, layouts, donated buffers)"
    ]


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
