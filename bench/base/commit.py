"""Which commit of the code made a result."""

from __future__ import annotations

import subprocess
from pathlib import Path


def commit() -> str:
    """The commit of the code, as the tables name it: changed if the code is, whatever else may be."""
    root = Path(__file__).resolve().parents[2]

    def git(*args: str) -> str:
        return subprocess.run(["git", "-C", str(root), *args], capture_output=True, text=True, check=True).stdout

    try:
        top, found = git("rev-parse", "--show-toplevel", "HEAD").split("\n")[:2]
        if Path(top).resolve() != root:  # installed somewhere inside a repository of another project
            return "unknown"
        return found[:10] + ("+changes" if git("status", "--porcelain", "--", "impls", "bench").strip() else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
