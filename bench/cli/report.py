"""``lenet-bench report``: pages from stored results, in each machine's folder, in another one, or for the project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from impls.errors import LenetError

RESULTS = Path("results")
"""The folder of results that is meant where none is named."""


def report(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE|FOLDER]...",
            help="Results files, machines' folders, or a folder that holds these (default: results).",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the pages into this folder (default: into each machine's folder)."),
    ] = None,
    publish: Annotated[
        bool,
        typer.Option("--publish", help="Write the project's own pages too, which cover all machines."),
    ] = False,
) -> None:
    """Write pages from stored results. Without options, only pages within machines' folders are written.

    With --publish, the folder of results gets its README.md and index.html, and the lecture's folder in it a README.md.
    The README.md beside the folder gets the headline tables between two lines of its own that are exactly
    `<!-- lenet-parity:results begin -->` and `<!-- lenet-parity:results end -->`. Without them it stays as it is.
    """
    given = sources or [RESULTS]
    if publish:
        written = _publish(given, out)
    elif out is not None:
        written = _elsewhere(given, out)
    else:
        written = [page for path in given for page in _in_place(path)]
    for page in written:
        print(page)


def _publish(given: list[Path], out: Path | None) -> list[Path]:
    from bench.report.publish import publish
    from bench.report.sources import holds_machines

    if out is not None:
        raise LenetError("--publish writes the project's own pages, and --out pages elsewhere; give one of them.")
    if len(given) > 1 or not holds_machines(given[0]):
        raise LenetError("--publish takes one folder of results, with a folder for each machine in it.")
    return publish(given[0])


def _elsewhere(given: list[Path], out: Path) -> list[Path]:
    from bench.report.elsewhere import write_elsewhere
    from bench.report.publish import SITE
    from bench.report.site.page import Found, write_found
    from bench.report.sources import machine_results

    if not (found := machine_results(given)):
        raise LenetError(f"No machine's results are in {given[0]}; give a results file or a machine's folder.")
    written = write_elsewhere(found, out)
    page = out / SITE
    write_found(Found(found), page)
    return [*written, page]


def _in_place(path: Path) -> list[Path]:
    """Write the pages in the machines' folders that a path names."""
    from bench.report.machine_results import named
    from bench.report.pages import write_page, write_pages
    from bench.report.sources import holds_machines

    if path.is_file():
        raise LenetError(
            f"A machine's page is of all its results files; give the folder {path.parent}, or --out DIR for a page of "
            f"{path.name} alone."
        )
    if holds_machines(path):
        return write_pages(path)
    folder = named(path)
    return [write_page(folder.parent, folder.name)]
