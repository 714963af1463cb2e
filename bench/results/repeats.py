"""Repeated runs of one commit on one machine: what two runs differ by when nothing has changed."""

from __future__ import annotations

from pathlib import Path

from bench.results.load import Run, read_run

FOLDER = "repeats"
"""Within a folder of results, with a folder for each machine in it; `make repeats` fills it."""

ALIKE = ("device_name", "device", "precision", "threads")
"""What repeats must share with the runs that they are used for. They may be of made-up images, and of few blocks."""


def folder_of(run: Run) -> Path:
    """Where the repeats of a run's machine are: ``<results>/repeats/<machine>``."""
    return run.path.absolute().parents[1] / FOLDER / run.path.absolute().parent.name


def repeats_for(run: Run, folder: Path) -> list[Run]:
    """The most runs in a folder that are of one code, options and packages, and made under a run's conditions.

    Args:
        run: what they are to be used for.
        folder: with results files.
    """
    groups: dict[tuple[object, ...], list[Run]] = {}
    for path in sorted(folder.glob("*.json")):
        found = read_run(path)
        if found is None or not found.records or found.driver != run.driver or _conditions(found) != _conditions(run):
            continue
        data = tuple(sorted({(row["data_fingerprint"], row["batch_size"], row["quick"]) for row in found.records}))
        packages = tuple(sorted({item for row in found.records for item in row["versions"].items()}))
        groups.setdefault((found.code, found.commit, data, packages), []).append(found)
    return max(groups.values(), key=len, default=[])


def _conditions(run: Run) -> set[tuple[object, ...]]:
    return {tuple(row.get(name) for name in ALIKE) for row in run.records}
