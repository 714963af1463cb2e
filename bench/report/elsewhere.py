"""Pages of anybody's results in a folder that is named: one page of one machine, or one of all and one of each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.report import machine_page, overview
from bench.report.machine_results import MachineResults
from bench.report.pages import PAGE, again
from bench.report.planned import Planned


def write_elsewhere(found: Sequence[MachineResults], out: Path) -> list[Path]:
    """Write pages into a folder, which is made if need be; nothing beside it is touched.

    Args:
        found: what the pages show, at least one machine's results.
        out: the folder.

    Returns:
        The pages' paths, the one to begin with first.

    Raises:
        LenetError: a page cannot be written, or somebody else's page is there.
    """
    planned, first = Planned(), out / PAGE
    if len(found) == 1:
        planned.whole[first] = machine_page.text(found[0], first)
    else:
        with_pages = [(each, out / each.name / PAGE) for each in found]
        planned.whole[first] = overview.text(with_pages, first)
        for each, page in with_pages:
            planned.whole[page] = machine_page.text(each, page)
    return planned.write(again("--out", out, "..."))
