"""What of this suite the operating system allows."""

from __future__ import annotations

import os
import sys


def unsupported() -> str | None:
    """Why nothing of this suite runs here, in one sentence; None where it does.

    To be asked before modules are imported that do not exist on Windows, for one ``resource``.
    """
    if sys.platform == "win32":
        return "This suite does not run on Windows itself; install and run it in WSL, the Windows Subsystem for Linux."
    return None


def cannot_bind() -> str | None:
    """Why worker processes cannot be bound to cores here, in one sentence without a full stop; None if they can be."""
    if hasattr(os, "sched_setaffinity"):
        return None
    return (
        f"{'macOS' if sys.platform == 'darwin' else 'this system'} cannot bind a process to cores, so the workers move "
        "between them and times scatter more: compare ratios rather than seconds"
    )
