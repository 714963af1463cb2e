"""Paths as a page links to them."""

from __future__ import annotations

import os
from pathlib import Path


def relative(page: Path, path: Path) -> str:
    """A path from the folder that a page is in, with forward slashes."""
    return Path(os.path.relpath(path, page.parent)).as_posix()
