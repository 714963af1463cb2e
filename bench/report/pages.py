"""The pages of machines' folders: what a run, a merge or ``lenet-bench report`` writes, and nothing beside them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from bench.base.names import FOLDERS
from bench.lecture.evidence import Evidence, gather
from bench.lecture.folder import FOLDER as LECTURE
from bench.report import machine_page
from bench.report.lecture import page as lecture_page
from bench.report.machine_results import MachineResults, machines, named, runs_in
from bench.report.planned import Planned
from bench.results.load import Run, devices

PAGE = "README.md"
"""The name of every page."""

SPEED = "speed"
"""The folder of results whose tables are those of `docs/speed.md`; the same folders are in it as beside it."""


def read_runs(results: Path) -> list[Run]:
    """Every readable results file, one folder per machine."""
    return [run for machine in machines(results) for run in runs_in(results / machine)]


def write_page(results: Path, machine: str) -> Path:
    """Write the page of one machine's folder anew; nothing else is touched.

    Args:
        results: the folder of all results.
        machine: the name of the machine's folder in there.

    Returns:
        The page's path.

    Raises:
        LenetError: it cannot be written, or somebody else's page is there.
    """
    planned = Planned()
    add_machine(planned, results, machine)
    [page] = planned.write(again(results / machine))
    return page


def write_lecture_page(results: Path, machine: str) -> Path | None:
    """Write the lecture's page of one machine anew, in that machine's folder of the lecture; nothing else is touched.

    Returns:
        The page's path; None where ``lenet-bench lecture`` has trained nothing there that counts.

    Raises:
        LenetError: as `write_page`.
    """
    planned = Planned()
    add_lecture(planned, results, machine)
    return next(iter(planned.write(again(results))), None)


def write_pages(results: Path) -> list[Path]:
    """Write the page of every machine's folder, of the lecture's and of what was tried for speed too.

    Returns:
        The pages' paths.

    Raises:
        LenetError: one of them cannot be written, or was refused; those that were not are written.
    """
    results = named(results)
    planned = Planned()
    add_all(planned, results)
    return planned.write(again(results))


def write_merged(results: Path, names: Sequence[str]) -> list[Path]:
    """Write the pages of the machines whose files were merged; nothing else is touched.

    Args:
        results: the folder of all results.
        names: the files, by their paths in there.

    Returns:
        The pages' paths.

    Raises:
        LenetError: as `write_pages`.
    """
    planned = Planned()
    places = [PurePosixPath(name).parts for name in names]
    for machine in sorted({parts[0] for parts in places if parts[0] not in FOLDERS}):
        add_machine(planned, results, machine)
    for folder, machine in sorted({(parts[0], parts[1]) for parts in places if parts[0] in FOLDERS and len(parts) > 2}):
        if folder == LECTURE:
            add_lecture(planned, results, machine)
        else:
            add_machine(planned, results / folder, machine)
    return planned.write(again(results))


def add_all(planned: Planned, results: Path) -> tuple[list[MachineResults], list[Evidence]]:
    """Plan what `write_pages` writes; the machines' results and the lecture's evidence, those of ``results`` itself."""
    if (results / SPEED).is_dir():
        add_all(planned, results / SPEED)
    found = [add_machine(planned, results, machine) for machine in machines(results)]
    evidence = [each for machine in lecture_machines(results) for each in add_lecture(planned, results, machine)]
    return found, evidence


def add_machine(planned: Planned, results: Path, machine: str) -> MachineResults:
    """Plan one machine's page; what it shows."""
    page, found = results / machine / PAGE, MachineResults.of_folder(results / machine)
    planned.whole[page] = machine_page.text(found, page)
    return found


def add_lecture(planned: Planned, results: Path, machine: str) -> Sequence[Evidence]:
    """Plan the lecture's page of one machine, where anything was trained; what it shows."""
    page, own = results / LECTURE / machine / PAGE, devices(runs_in(results / machine))
    if found := [each for each in gather(results, own, machine) if each.lecture]:
        planned.whole[page] = lecture_page.machine_text(found, page)
    return found


def lecture_machines(results: Path) -> list[str]:
    """The names of the machines' folders within the lecture's folder, sorted."""
    folder = results / LECTURE
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def again(*arguments: Path | str) -> str:
    """The command that writes pages once more, for the sentence of an error."""
    return shlex.join(["lenet-bench", "report", *map(str, arguments)])
