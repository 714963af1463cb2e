"""Which results somebody names: single results files, machines' folders, and folders that hold these."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from bench.base.names import FOLDERS
from bench.report.machine_results import MachineResults, has_results, machines, runs_in
from bench.results.load import Run, devices, load
from bench.training import store
from bench.training.selection import sections
from impls.errors import LenetError

WITHIN = (store.FOLDER, "builds", "visit", "visit-made-up")
"""Folders within a machine's folder, which are no machines' themselves."""


def holds_machines(folder: Path) -> bool:
    """Whether a folder is one of all results, with a folder per machine in it, and not a machine's own.

    Raises:
        LenetError: it is neither, or is not there.
    """
    if not folder.is_dir():
        raise LenetError(f"There is no folder {folder}; give the one that holds your results.")
    inside = [path.name for path in folder.iterdir() if path.is_dir() and path.name not in WITHIN]
    if set(inside) & set(FOLDERS) or any(has_results(folder / name) for name in inside):
        return True
    if has_results(folder) or set(WITHIN) & {path.name for path in folder.iterdir()}:
        return False
    raise LenetError(
        f"There are no results in {folder}; give a results file, a machine's folder, or the folder that holds these."
    )


def machine_results(paths: Sequence[Path]) -> list[MachineResults]:
    """What the given files and folders hold, machine by machine, sorted by name.

    Raises:
        LenetError: something is not there or holds no results, or two folders have one name.
    """
    whole: list[Path] = []
    files: dict[Path, list[Run]] = {}
    for path in paths:
        if path.is_file():
            run = load(path)
            files.setdefault(_absolute(path).parent, []).append(run)
        elif holds_machines(path):
            whole += [_absolute(path) / name for name in machines(path)]
        else:
            whole.append(_absolute(path))
    found: dict[str, tuple[Path, MachineResults]] = {}
    for folder in dict.fromkeys([*whole, *files]):
        if (other := found.get(folder.name)) is not None:
            raise LenetError(f"{other[0]} and {folder} have one name; give one of these folders another.")
        runs = runs_in(folder) if folder in whole else files[folder]
        trained = sections(folder.parent, folder.name) if folder in whole else []
        found[folder.name] = folder, MachineResults(folder.name, devices(runs), trained)
    return [found[name][1] for name in sorted(found)]


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))
