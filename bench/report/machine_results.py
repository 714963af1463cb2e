"""All results of one machine's folder: what one page shows."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from bench.base.names import FOLDERS
from bench.results.load import Device, Run, devices, read_run
from bench.training import store
from bench.training.selection import Section, sections


@dataclass(frozen=True)
class MachineResults:
    """What one page shows.

    Attributes:
        name: of the machine's folder.
        devices: what its results files say, a table of each.
        sections: its training runs over seeds.
    """

    name: str
    devices: list[Device]
    sections: list[Section]

    @classmethod
    def of_folder(cls, folder: Path) -> MachineResults:
        """Everything that can be read in a machine's folder.

        Raises:
            LenetError: the schema of results files cannot be read.
        """
        folder = named(folder)
        return cls(folder.name, devices(runs_in(folder)), sections(folder.parent, folder.name))


def named(folder: Path) -> Path:
    """The same folder by a path that ends with its name, as ``.`` and ``..`` do not."""
    return Path(os.path.abspath(folder)) if folder.name in ("", "..") else folder


def runs_in(folder: Path) -> list[Run]:
    """Every readable results file of a machine's folder."""
    return [run for path in sorted(folder.glob("*.json")) if (run := read_run(path)) is not None]


def machines(results: Path) -> list[str]:
    """The names of the machines' folders within a folder of results, sorted; none where it is not there."""
    if not results.is_dir():
        return []
    folders = [path for path in results.iterdir() if path.is_dir() and path.name not in FOLDERS]
    return sorted(path.name for path in folders if has_results(path))


def has_results(folder: Path) -> bool:
    """Whether a folder looks like a machine's: results files or training runs are right in it."""
    return any(folder.glob("*.json")) or (folder / store.FOLDER).is_dir()
