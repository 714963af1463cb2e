"""Folders that only this user can write to: for compiled code, locks, and answers that a check relies on.

The data folder may be shared. What is loaded as code, or trusted without a digest of ours, must not come from a place
where somebody else could have put it.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from impls.errors import DataError


def private_folder(name: str) -> Path:
    """A folder of this user alone (mode 0700), made if need be.

    It is ``lenet-parity-private/<name>`` in the user's cache (``$XDG_CACHE_HOME``, else ``~/.cache``), or
    ``lenet-parity-<user id>/<name>`` in the temporary folder where the cache cannot be used.

    Args:
        name: what it is for, e.g. "native".

    Raises:
        DataError: both places are unusable, or belong to somebody else.
    """
    reasons = []
    for place in _places():
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            for folder in (place, place / name):
                with contextlib.suppress(FileExistsError):
                    folder.mkdir(mode=0o700)
                if reason := _not_private(folder):
                    break
            else:
                if os.access(place / name, os.W_OK | os.X_OK):
                    return place / name
                reason = f"{place / name} is read-only"
        except (OSError, RuntimeError) as error:  # RuntimeError: there is no home folder
            reason = f"{place}: {error}"
        reasons.append(reason)
    raise DataError(
        f"There is no folder that only you can write to ({'; '.join(reasons)}); "
        "set XDG_CACHE_HOME to a folder of your own."
    )


def own_folder(folder: Path, name: str) -> Path:
    """The subfolder ``name`` of ``folder`` where that is this user's alone and can be written, else a private one.

    Args:
        folder: e.g. the data folder; made if it is missing and can be made.
        name: of the subfolder, e.g. "oracle"; it need not exist.

    Raises:
        DataError: there is no private folder either.
    """
    place = folder / name
    try:
        place.mkdir(parents=True, exist_ok=True)
        if all(_is_mine(each.stat()) and os.access(each, os.W_OK | os.X_OK) for each in (folder, place)):
            return place
    except OSError:
        pass
    return private_folder(name)


def _places() -> list[Path]:
    temporary = Path(tempfile.gettempdir()) / f"lenet-parity-{os.geteuid()}"
    try:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "lenet-parity-private"
    except RuntimeError:  # there is no home folder
        return [temporary]
    return [cache, temporary]


def _not_private(folder: Path) -> str | None:
    """Why a folder cannot be trusted; None where only this user can write to it or replace it."""
    here = folder.lstat()
    if not stat.S_ISDIR(here.st_mode):
        return f"{folder} is not a folder"
    if here.st_uid != os.geteuid():
        return f"{folder} belongs to another user"
    if here.st_mode & 0o077:
        return f"{folder} is open to other users; run `chmod 700 {folder}` if you trust what is in it"
    for above in folder.resolve().parents:
        mode = above.stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            return f"everybody can replace what is in {above}"
    return None


def _is_mine(here: os.stat_result) -> bool:
    return here.st_uid == os.geteuid() and not here.st_mode & 0o022
