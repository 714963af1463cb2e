"""How much memory is left: the machine's, or the container's if that is less."""

from __future__ import annotations

from pathlib import Path

import psutil

from bench.base import cgroup


def available_memory(root: Path = cgroup.ROOT) -> int:
    """Bytes that can still be taken.

    Args:
        root: the file system's root; tests give another.
    """
    free = int(psutil.virtual_memory().available)
    left = cgroup.memory_left(root)
    return free if left is None else min(free, left)
