"""One measurement at a time on a machine: two would spoil each other's figures, and neither would know."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from impls.errors import LenetError

VARIABLE = "LENET_LOCK"
"""Environment variable that puts the lock elsewhere; for tests of the machinery."""


@contextmanager
def machine_lock(path: Path | None = None) -> Iterator[None]:
    """Hold the machine; the system lets go of it when the process ends, however that comes about.

    Args:
        path: another lock file, for a command that must not run twice and itself starts measurements.

    Raises:
        LenetError: another measurement holds it; the sentence says which.
    """
    path = path or Path(os.environ.get(VARIABLE) or Path(tempfile.gettempdir()) / "lenet-parity.lock")
    holder = path.with_suffix(".holder")
    lock = FileLock(path, mode=0o666)  # anybody's measurement counts, so anybody may take it
    try:
        if path.is_symlink():  # filelock refuses it too, from 3.20.1 on; this says why
            raise OSError(errno.ELOOP, "it is a link, which may lead to any file")
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout:
        raise LenetError(
            f"Another measurement is under way on this machine ({_read(holder)}) and both would be spoilt; wait for it."
        ) from None
    except OSError as error:
        raise LenetError(
            f"The machine's lock {path} cannot be taken ({error.strerror}); set ${VARIABLE} to another path."
        ) from error
    try:
        with contextlib.suppress(OSError):
            _write(holder, f"process {os.getpid()}, since {datetime.now():%H:%M}")
        yield
    finally:
        with contextlib.suppress(OSError):
            holder.unlink()
        lock.release()


def _write(holder: Path, text: str) -> None:
    """Make the file anew: what others left at that place, a link above all, is never written to."""
    holder.unlink(missing_ok=True)
    with os.fdopen(os.open(holder, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644), "w") as file:
        file.write(text)


def _read(holder: Path) -> str:
    """Who holds the lock; anybody may have written this file, so only what `_write` writes is repeated."""
    try:
        with os.fdopen(os.open(holder, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), errors="replace") as file:
            text = file.read(60)
    except OSError:
        return "another process"
    return text if re.fullmatch(r"process \d+, since \d\d:\d\d", text) else "another process"
