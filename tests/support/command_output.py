"""What a command that was run from outside printed."""

from __future__ import annotations

import subprocess


def said(done: subprocess.CompletedProcess[str]) -> str:
    """All it said, in one line."""
    return " ".join((done.stdout + done.stderr).split())
