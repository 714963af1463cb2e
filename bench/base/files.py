"""Write a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path


def write(path: Path, content: str | bytes) -> None:
    """Put ``content`` at ``path``, aside first and then renamed, so that no reader ever meets half of it.

    The folder is made if need be. A file that was there keeps its mode.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")  # two processes may write the same file
    try:
        aside.write_bytes(content.encode() if isinstance(content, str) else content)
        with contextlib.suppress(FileNotFoundError):
            shutil.copymode(path, aside)
        os.replace(aside, path)
    except OSError:
        aside.unlink(missing_ok=True)  # half a file on a full disk would take the room that is needed
        raise
