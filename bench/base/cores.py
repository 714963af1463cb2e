"""How many threads may run at once? Logical CPUs, less where a container has a quota."""

from __future__ import annotations

import os
from pathlib import Path

from bench.base import cgroup


def logical_cpus() -> int:
    """Logical CPUs that this process may run on; two may be hyperthreads of one core."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def available_cores(root: Path = cgroup.ROOT) -> int:
    """Return how many threads can run at once without being throttled, at least 1.

    It is the number of logical CPUs, or the whole CPUs of the quota if they are fewer: 1 for a quota of 1.5.

    Args:
        root: the file system's root; tests give another.
    """
    quota = cgroup.cpu_quota(root)
    return logical_cpus() if quota is None else max(1, min(logical_cpus(), int(quota)))


def bind_to_cores(threads: int, first: int = 0) -> None:
    """Keep the calling thread, and all threads and processes that it starts, to ``threads`` of our cores.

    XLA sizes its thread pool by this, so it comes before all imports. Where the system cannot bind, nothing happens.

    Args:
        threads: how many.
        first: the first of them, counted among those that we may use.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[first : first + threads])


def described(root: Path = cgroup.ROOT) -> str:
    """The available CPUs in words, e.g. "1 logical CPU available (a CPU quota of 1.5)"."""
    count, quota = available_cores(root), cgroup.cpu_quota(root)
    words = f"{count} logical CPU{'s' if count > 1 else ''} available"
    return words if quota is None else f"{words} (a CPU quota of {quota:g})"
