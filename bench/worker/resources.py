"""What this process has used: resident memory at its peak, and page faults."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def peak_host_bytes() -> int:
    """The most memory that this process ever had resident, mapped files included, in bytes.

    From the kernel's high-water mark of this program (VmHWM, proc(5)); ``ru_maxrss`` would carry over that of the
    process which started it.
    """
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def page_faults() -> int:
    """Page faults of this process so far that needed no disk: memory that the kernel had to hand out first."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
