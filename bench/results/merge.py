"""Combine the results of several folders and archives in one folder. Nothing is lost or overwritten."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from bench.base import files, names
from bench.results.content import checked
from bench.results.schema import ResultsError
from impls.errors import LenetError

PAGES = ("README.md", "index.html")
"""Not merged: they are generated from the other files."""

VISIT = "visit"
"""Folders of visits start with this. Of two versions of a file in them, the one from the later source is kept."""


@dataclass
class Merged:
    """What a merge did. Paths are relative to the folder of results.

    Attributes:
        added: new files.
        replaced: files that had an earlier state of the same run.
        same: files that were already there.
    """

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)


def merge(sources: Sequence[Path], results: Path) -> Merged:
    """Add sources to a folder of results. Every source is checked before anything is written.

    If two results files of one name come from the same run, the one that got further is kept. Any other two files of
    one name must be equal.

    Args:
        sources: folders of results with ``<machine>/...`` below them, or tar archives of such folders.
        results: the folder to add them to.

    Raises:
        LenetError: a source cannot be read, holds an invalid results file, or contradicts another file.
    """
    found = Merged()
    write: dict[str, bytes] = {}
    for source in sources:
        for name, content in _contents(source):
            _ensure_a_machines(source, name)
            _ensure_sound(source, name, content)
            there = write.get(name)
            if there is None and (results / name).is_file():
                there = (results / name).read_bytes()
                if there != content:
                    _ensure_sound(results, name, there)
            if there is None or _goes_on(name, there, content):
                write[name] = content
            elif there != content and not _goes_on(name, content, there):
                raise LenetError(
                    f"{name} in {source} contradicts the file of that name that is already there; nothing was merged. "
                    "Give one of the two another machine's name, or remove it."
                )
            elif name not in write:
                found.same.append(name)
    for name, content in write.items():
        known = found.replaced if (results / name).is_file() else found.added
        files.write(results / name, content)
        known.append(name)
    return found


def _contents(source: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of a source, by its path inside a folder of results, sorted by name."""
    if source.is_dir():
        paths = [path for path in sorted(source.glob("*/**/*")) if path.is_file()]
        yield from ((p.relative_to(source).as_posix(), p.read_bytes()) for p in paths if _counts(p.name))
        return
    try:
        with tarfile.open(source) as tar:
            for member in sorted(tar.getmembers(), key=lambda member: member.name):
                if member.isdir() or not _counts(PurePosixPath(member.name).name):
                    continue
                parts = PurePosixPath(member.name).parts
                data = tar.extractfile(member) if member.isfile() else None
                if data is None or len(parts) < 2 or parts[0] == "/" or ".." in parts:
                    raise LenetError(
                        f"{source} holds {member.name}, which is not inside a machine's folder; nothing was merged."
                    )
                yield member.name, data.read()
    except (OSError, EOFError, tarfile.TarError) as error:
        why = getattr(error, "strerror", None) or str(error).partition("\n")[0].rstrip(":")
        raise LenetError(f"{source} is neither a folder nor a complete archive ({why}); nothing was merged.") from error


def _counts(name: str) -> bool:
    return name not in PAGES and not name.startswith(".") and not name.endswith(".gz")


def _ensure_a_machines(source: Path, name: str) -> None:
    """Make sure that the file is in a machine's folder, of a name that such a folder may have."""
    first, *rest = PurePosixPath(name).parts
    machine = rest[0] if first in names.FOLDERS and len(rest) > 1 else first
    wrong = None if first in names.FOLDERS and len(rest) == 1 else names.mistake_in_machine(machine)
    if wrong or not name.isprintable():
        raise LenetError(
            f"{str(source)!r} holds {name!r}, whose folder {machine!r} cannot be a machine's: {wrong or names.RULE}; "
            "nothing was merged."
        )


def _ensure_sound(source: Path, name: str, content: bytes) -> None:
    """Validate a results file: the machine that wrote it may not have had jsonschema."""
    if not _is_results_file(name):
        return
    try:
        checked(f"{name} in {source}", content)
    except ResultsError as error:
        raise ResultsError(f"{str(error).removesuffix('.')}; nothing was merged.") from error


def _is_results_file(name: str) -> bool:
    """Whether this is ``<machine>/<time>.json``, the file of one benchmark run."""
    path = PurePosixPath(name)
    return len(path.parts) == 2 and path.suffix == ".json" and path.name[:4].isdigit()


def _goes_on(name: str, old: bytes, new: bytes) -> bool:
    """Whether the new content is a later state of the old."""
    if PurePosixPath(name).parts[1].startswith(VISIT):
        return old != new
    if not _is_results_file(name) or old == new:
        return False
    before, after = json.loads(old), json.loads(new)
    if "run" not in before or "run" not in after:  # of schema 1, which did not say what was asked for
        return False
    same = before["run"]["options"] == after["run"]["options"] and before["run"]["code"] == after["run"]["code"]
    return same and _rank(before) <= _rank(after) and _measured(before) <= _measured(after)


def _measured(content: dict[str, Any]) -> set[str]:
    return {str(benchmark.get("fullname")) for benchmark in content["benchmarks"]}


def _rank(content: dict[str, Any]) -> tuple[int, int, bool]:
    """How far a run has come."""
    return len(content["benchmarks"]), len(content.get("blocks", [])), bool(content["run"]["complete"])
