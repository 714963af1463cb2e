"""The results and pages that are in git, and none that lie beside them in somebody's clone."""

from __future__ import annotations

import shutil
from pathlib import Path

from command import ROOT, finished

WHAT = ("results", "README.md", "docs/speed.md")


def committed_files() -> list[str]:
    """Their paths in the repository; all that there are where this is no checkout."""
    if (ROOT / ".git").exists():
        listed = finished(["git", "-C", ROOT, "ls-files", "-z", "--", *WHAT])
        assert listed.returncode == 0, listed.stderr
        names = [name for name in listed.stdout.split("\0") if name]
    else:
        places = [ROOT / what for what in WHAT]
        paths = [path for place in places for path in ([place] if place.is_file() else sorted(place.rglob("*")))]
        names = [path.relative_to(ROOT).as_posix() for path in paths if path.is_file()]
    return [name for name in names if (ROOT / name).is_file()]


def copy_committed(folder: Path) -> list[str]:
    """Copy them to the same places in a folder; their paths."""
    names = committed_files()
    for name in names:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place)
    return names


def tree(folder: Path) -> dict[str, bytes]:
    """Every file in a folder, by its path in there."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
