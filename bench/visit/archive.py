"""Pack what is new since the last slice into one archive of limited size."""

from __future__ import annotations

import hashlib
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from bench.results.merge import PAGES
from bench.visit.state import State

LIMIT_BYTES = 16_000_000
"""The largest size of an archive."""

HEADER_BYTES = 2048
"""An upper bound for what a file's name and padding add to an archive, compressed."""


@dataclass(frozen=True)
class Archive:
    """An archive that was written.

    Attributes:
        path: where it is.
        files: the number of files in it.
        bytes: its size.
        left: files that did not fit; the next archive takes them.
    """

    path: Path
    files: int
    bytes: int
    left: list[Path]


def write_archive(results: Path, machine: str, state: State, folder: Path, limit: int = LIMIT_BYTES) -> Archive | None:
    """Archive every file of a machine that is new or changed since the last archive. None if there is none.

    Args:
        results: the folder of all results. Paths in the archive are relative to it.
        machine: the name of the machine's folder in there.
        state: the visit's state; the archived files are recorded in it.
        folder: where the archive goes, as ``<machine>-slice-<n>.tar.gz``.
        limit: the largest size of the archive, in bytes.
    """
    chosen: dict[str, str] = {}
    left: list[Path] = []
    size = 0
    for path in _by_value(results / machine):
        name, content = path.relative_to(results).as_posix(), path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if state.archived.get(name) == digest:
            continue
        needs = len(zlib.compress(content)) + HEADER_BYTES  # an upper bound: files compress better together
        if size + needs > limit:
            left.append(path)
            continue
        size += needs
        chosen[name] = digest
    if not chosen:
        return None
    archive = folder / f"{machine}-slice-{state.slices + 1}.tar.gz"
    folder.mkdir(parents=True, exist_ok=True)
    aside = archive.with_name(f".{archive.name}.part")
    with tarfile.open(aside, "w:gz") as tar:
        for name in chosen:
            tar.add(results / name, arcname=name)
    aside.rename(archive)
    state.archived |= chosen
    state.slices += 1
    return Archive(archive, len(chosen), archive.stat().st_size, left)


def _by_value(folder: Path) -> list[Path]:
    """A machine's files, but for its page: results files first, then training runs, then logs and the rest."""
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    paths = [path for path in paths if path.suffix != ".gz" and path.name not in PAGES]
    return sorted(paths, key=lambda path: (path.suffix == ".log", len(path.relative_to(folder).parts) > 1, path))
