"""The project's own pages, which cover all machines: written when somebody publishes, and by no run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.lecture.folder import FOLDER as LECTURE
from bench.report import escape, overview, pages
from bench.report.lecture import page as lecture_page
from bench.report.machine_results import MachineResults, machines, named
from bench.report.pages import PAGE, SPEED
from bench.report.planned import Planned
from bench.report.tables import notes, speed
from bench.report.tables.markdown import markdown
from bench.results.load import Device
from impls.errors import LenetError

SITE = "index.html"
"""The page for a browser, in the folder of results."""


def publish(results: Path) -> list[Path]:
    """Write every page of a folder of results: `publish_markdown`, and the page for a browser.

    Returns:
        The pages' paths.

    Raises:
        LenetError: a page cannot be written, or was refused; those that were not are written.
    """
    results = named(results)
    written: list[Path] = []
    problems: list[str] = []
    for write in (publish_markdown, write_site):
        try:
            written += write(results)
        except LenetError as error:
            problems.append(str(error))
    if problems:
        raise LenetError(" ".join(problems))
    return written


def publish_markdown(results: Path) -> list[Path]:
    """Write the machines' pages, those of all machines, and the blocks in the README beside the folder and in docs.

    Pages and blocks are as `own_page` and `markers` say; where one is refused, the others are still written.

    Returns:
        The paths of the pages, without those that have a block.

    Raises:
        LenetError: a page cannot be written, or is somebody else's, or its markers are not in pairs.
    """
    results = named(results)
    planned, readme = Planned(), results.parent / PAGE
    found, evidence = pages.add_all(planned, results)
    with_pages = _add_overview(planned, results, found)
    planned.fill(readme, overview.summary(with_pages, readme))
    if evidence:
        planned.whole[results / LECTURE / PAGE] = lecture_page.overview_text(evidence)
        planned.fill(readme, lecture_page.summary(evidence, readme), "lecture")
    if (results / SPEED).is_dir():
        folder = results / SPEED
        tried = [MachineResults.of_folder(folder / machine) for machine in machines(folder)]
        _add_overview(planned, folder, tried)
        devices = [device for each in tried for device in each.devices]
        planned.fill(results.parent / "docs" / "speed.md", speed_summary(devices))
    return planned.write(pages.again("--publish", results))


def write_site(results: Path) -> list[Path]:
    """Write the page for a browser.

    Raises:
        LenetError: a package that it needs is missing, or it cannot be written.
    """
    from bench.report.site.page import write_site as write

    page = results / SITE
    write(results, page)
    return [page]


def _add_overview(
    planned: Planned, results: Path, found: Sequence[MachineResults]
) -> list[tuple[MachineResults, Path]]:
    """Plan the page of all machines in a folder; each with its own page."""
    with_pages = [(each, results / each.name / PAGE) for each in found]
    page = results / PAGE
    planned.whole[page] = overview.text(with_pages, page)
    return with_pages


def speed_summary(found: Sequence[Device]) -> str:
    """What was tried for speed, on every device, for `docs/speed.md`."""
    align = ("left", "right", "right", "right", "left", "left")
    parts = []
    for each in found:
        left_out = notes.left_out_text(each.left_out)
        parts.append(f"\n{escape.bold(each.title)}\n\n{markdown(speed.speed_table(each), align)}")
        parts.append(f"\n{escape.markdown(left_out)}\n" if left_out else "")
    return "".join(parts) + "\n"
