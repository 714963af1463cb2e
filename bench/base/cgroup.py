"""What a container may use: the CPU quota and the memory limit of Linux control groups, versions 1 and 2.

The files are described in the kernel's documentation: admin-guide/cgroup-v2 and admin-guide/cgroup-v1/memory.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

ROOT = Path("/")
UNLIMITED = 2**60
"""Bytes from which on a limit of version 1 means "none"."""


def cpu_quota(root: Path = ROOT) -> float | None:
    """Return the CPU time per second that this process may use, in CPUs; None without a quota.

    A parent's quota holds for its children too, so the smallest counts.

    Args:
        root: the file system's root; tests give another.
    """
    found = []
    for folder in _folders("cpu", root):
        files = ("cpu.max",) if (folder / "cpu.max").exists() else ("cpu.cfs_quota_us", "cpu.cfs_period_us")
        words = [word for name in files for word in _words(folder / name)]
        quota, length = (_number(word) for word in words) if len(words) == 2 else (None, None)
        if quota and length:
            found.append(quota / length)
    return min(found, default=None)


def memory_left(root: Path = ROOT) -> int | None:
    """Return the bytes that this process and its children may still take; None without a limit.

    It is the least of limit minus use, over the process's group and its parents. Cached files that the kernel drops
    before it refuses memory (``inactive_file``) do not count as use.

    Args:
        root: the file system's root; tests give another.
    """
    found = []
    for folder in _folders("memory", root):
        names = ("memory.max", "memory.high", "memory.limit_in_bytes")
        limits = [n for name in names if (n := _number(_first(folder / name))) is not None and n < UNLIMITED]
        if limits:
            used = _number(_first(folder / "memory.current")) or _number(_first(folder / "memory.usage_in_bytes")) or 0
            found.append(max(0, min(limits) - max(0, used - _droppable(folder))))
    return min(found, default=None)


def _droppable(folder: Path) -> int:
    """Bytes of cached files; version 1 writes the sum with the children's under a name of its own."""
    words = _words(folder / "memory.stat")
    stat = dict(zip(words[::2], words[1::2], strict=False))
    return _number(stat.get("total_inactive_file", stat.get("inactive_file"))) or 0


def _folders(controller: str, root: Path) -> Iterator[Path]:
    """The folders of this process's groups that may limit it: its own and every parent up to the mount."""
    for names, group in _groups(root):
        for mounted, point, version, options in _mounts(root):
            if not (version == "cgroup2" if names == [""] else controller in names and controller in options):
                continue
            # A container may see the host's path of its group, and the group itself mounted as the top.
            inside = PurePosixPath(group)
            relative = inside.relative_to(mounted) if inside.is_relative_to(mounted) else PurePosixPath()
            if ".." in relative.parts:
                relative = PurePosixPath()
            for each in (relative, *relative.parents):
                yield root / point.lstrip("/") / each


def _groups(root: Path) -> Iterator[tuple[list[str], str]]:
    """This process's groups: names of the controllers, [""] in version 2, and path."""
    for line in _lines(root / "proc/self/cgroup"):
        if len(parts := line.split(":", 2)) == 3:
            yield parts[1].split(","), parts[2]


def _mounts(root: Path) -> Iterator[tuple[str, str, str, list[str]]]:
    """Mounted hierarchies: the group mounted, where, "cgroup" or "cgroup2", and options (see proc(5), mountinfo)."""
    for line in _lines(root / "proc/self/mountinfo"):
        before, _, after = line.partition(" - ")
        left, right = before.split(), after.split()
        if len(left) > 4 and len(right) > 2 and right[0] in ("cgroup", "cgroup2"):
            mounted, point = (re.sub(r"\\(\d{3})", lambda m: chr(int(m[1], 8)), each) for each in left[3:5])
            yield mounted, point, right[0], right[2].split(",")


def _lines(path: Path) -> list[str]:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return path.read_text().splitlines()
    return []


def _words(path: Path) -> list[str]:
    return " ".join(_lines(path)).split()


def _first(path: Path) -> str | None:
    return next(iter(_words(path)), None)


def _number(text: str | None) -> int | None:
    """A number of 0 or more; None for "max", -1 and nothing."""
    return int(text) if text and text.isdecimal() else None
