"""The results as Markdown: `results/README.md`, and the table in the project's README."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path

from bench.lecture.evidence import gather
from bench.lecture.folder import FOLDER
from bench.report import escape, markers, own_page
from bench.report.lecture import page as lecture_page
from bench.report.tables import accuracy, drift, notes, precision, resources, speed
from bench.report.tables.ladder import ladder_table, trajectory_table
from bench.report.tables.main import main_table
from bench.report.tables.markdown import markdown
from bench.report.tables.parameters import parameter_table
from bench.report.tables.table import Table
from bench.report.tables.training import accuracy_table
from bench.results.load import Device, Run, devices, read_run
from bench.training import selection
from impls.errors import LenetError

HEAD = """# Results

Written by `lenet-bench report` from the JSON files in the folders beside it; not to be edited.

How to read the tables: *epoch* is the median of steady epochs, timed in the worker with the device idle at both
ends; *spread* the least and the greatest of them and how many there were. Every section is of one run. Its variants
were timed in turn, block after block: in each, every variant is started anew and takes its rounds beside the others'.
A ratio (*× pytorch:eager*) has its 95 % interval over blocks: processes of one program differ by some percent, which
rounds within one process cannot show, so a single block (*one pair*) has none. *pytorch:lecture* is the
plain loop as people write it. The *first epoch* of a fresh process includes compilation. The *second epoch* is not
among the steady ones either; where it takes much longer than they do, something was compiled again in it, and a warning
says so. *Agreement* is what the parity ladder said of that variant in the same run. *Trained alike* compares the timed
epochs themselves, outside the clock, with those of a baseline from the same initial parameters: the loss of every step,
and all parameters after every epoch. It says how much of the allowed distance the farthest of these used; that distance
comes from twins of the baseline. A variant that is farther off, and that the ladder did not call different, has no row.
"–" means not measured.
"""
SPEED = "speed"
"""The folder of results whose tables are those of `docs/speed.md`."""


def read_runs(results: Path) -> list[Run]:
    """Every readable results file, one folder per machine."""
    return [run for path in sorted(results.glob("*/*.json")) if (run := read_run(path)) is not None]


def write_pages(results: Path) -> Path:
    """Regenerate ``README.md`` of the results folder, and the blocks in the README beside it and in `docs/speed.md`.

    Pages and blocks are as `own_page` and `markers` say; where one is refused, the others are still written.

    Returns:
        The page's path.

    Raises:
        LenetError: a page cannot be written, or is somebody else's, or its markers are not in pairs.
    """
    if results.name in ("", ".."):  # its parent would not be the folder that it is in
        results = Path(os.path.abspath(results))
    pages = _Pages()
    if (results / SPEED).is_dir():
        _add_tables(pages, results / SPEED)
    _add_lecture(pages, results)
    page = _add_tables(pages, results)
    try:
        pages.write()
    except OSError as error:
        again = f"lenet-bench report {shlex.quote(str(results))}"
        raise LenetError(
            f"The pages in {results} cannot be written ({error.strerror}); `{again}` tries again."
        ) from error
    return page


@dataclass
class _Pages:
    """What is to be written.

    Attributes:
        whole: pages of ours, by path.
        blocks: of other pages, by path and name.
    """

    whole: dict[Path, str] = field(default_factory=dict)
    blocks: dict[Path, dict[str, str]] = field(default_factory=dict)

    def fill(self, page: Path, block: str, name: str = "results") -> None:
        """Plan a block of a page."""
        self.blocks.setdefault(page, {})[name] = block

    def write(self) -> None:
        """Write everything that is not refused.

        Raises:
            OSError: something cannot be written.
            LenetError: something was refused, a sentence each.
        """
        refused = []
        for page, text in self.whole.items():
            try:
                own_page.write(page, text)
            except LenetError as error:
                refused.append(str(error))
        for page, blocks in self.blocks.items():
            try:
                if page not in self.whole:
                    for sentence in markers.replaced_by(page, blocks):
                        print(f"warning: {escape.printable(sentence)}", file=sys.stderr)
                    markers.fill(page, blocks)
            except LenetError as error:
                refused.append(str(error))
        if refused:
            raise LenetError(" ".join(refused))


def _add_tables(pages: _Pages, results: Path) -> Path:
    found = devices(read_runs(results))
    sections = selection.sections(results)
    parts = [_section(device, results) for device in found]
    parts += [
        f"\n## {escape.markdown(title)}\n\n{markdown(table)}\n{precision.READING}"
        for title, table in precision.tables(found, sections)
    ]
    if sections:
        parts.append(f"\n## How to read accuracies over seeds\n\n{accuracy.READING}\n{drift.READING}\n")
    parts += [_accuracy_section(section) for section in sections]
    page = results / "README.md"
    pages.whole[page] = HEAD + "".join(parts)
    pages.fill(results.parent / "README.md", summary(found))
    if results.name == SPEED:
        pages.fill(results.parent.parent / "docs" / "speed.md", speed_summary(found))
    return page


def _add_lecture(pages: _Pages, results: Path) -> None:
    """The lecture's page, and the block in the project's README, where ``lenet-bench lecture`` trained anything."""
    if not (results / FOLDER).is_dir():
        return

    def table_text(table: Table) -> str:
        return markdown(table, ["left"] * len(table.header))

    page, readme = results / FOLDER / "README.md", results.parent / "README.md"
    if found := [each for each in gather(results, devices(read_runs(results))) if each.lecture]:
        pages.whole[page] = lecture_page.page_text(found, page, table_text)
        pages.fill(readme, lecture_page.summary(found, readme, table_text), "lecture")


def speed_summary(found: list[Device]) -> str:
    """What was tried for speed, on every device, for `docs/speed.md`."""
    align = ("left", "right", "right", "right", "left", "left")
    return (
        "".join(
            f"\n{escape.bold(d.title)}\n\n{markdown(speed.speed_table(d), align)}{_left_out(d.left_out)}" for d in found
        )
        + "\n"
    )


def summary(found: list[Device]) -> str:
    """The main table of every device on which epochs of the real data were timed, for the project's README."""
    parts = []
    for device in found:
        if device.data.startswith("synthetic") or not device.timed:
            continue
        alike = [other for other in found if other.key == device.key]
        if device.further and set(device.timed) <= set(alike[0].timed):
            continue
        parts.append(f"\n{escape.bold(device.title)}\n\n{markdown(main_table(device).upright())}")
        covered = [other for other in alike if other.further and set(other.timed) <= set(device.timed)]
        parts.append(_left_out([] if device.further else [*covered, *device.left_out]))
    return "".join(parts) + "\n"


def _left_out(others: list[Device]) -> str:
    text = notes.left_out_text(others)
    return f"\n{escape.markdown(text)}\n" if text else ""


def _section(device: Device, results: Path) -> str:
    parts = [f"\n## {escape.markdown(device.title)}\n\nData: {escape.code(device.data)}.\n\n"]
    parts.append(markdown(main_table(device).upright()))
    parts.append(_left_out(device.left_out))
    if needs := resources.resource_table(device):
        parts.append(f"\n### {resources.TITLE}\n\n{markdown(needs.upright())}\n{resources.READING}\n")
    titled = (
        (
            "Training by the recipe: mean loss of each epoch, accuracy on the test split after it",
            accuracy_table,
        ),
        ("The parity ladder: worst comparison of each rung, and what it was allowed", ladder_table),
        ("The ladder's trajectory, on images that hang on no rounding error", trajectory_table),
        ("Parameters", parameter_table),
    )
    for title, build in titled:
        if table := build(device):
            parts.append(f"\n### {title}\n\n{markdown(table)}")
    if overhead := notes.overhead_text(device):
        parts.append(f"\n### Overhead\n\n{overhead}\n")
    if variables := notes.environment_lines(device):
        parts.append("\n### Environment variables of the workers\n\n")
        parts += [f"- {escape.code(line)}\n" for line in variables]
    if unsteady := notes.warnings(device):
        parts.append("\n### Not steady\n\n" + "".join(f"- {escape.markdown(each)}\n" for each in unsteady))
    if reasons := notes.not_compared(device):
        parts.append(
            "\n### Timed epochs not compared\n\n" + "".join(f"- {escape.markdown(each)}\n" for each in reasons)
        )
    parts.append("\n### Measured by\n\n")
    for run in device.runs:
        file = escape.link(run.path.name, run.path.relative_to(results))
        parts.append(f"- {file}, commit {escape.code(run.commit)}\n")
        parts += [f"  - not measured: {escape.markdown(loss)}\n" for loss in notes.losses(run)]
    parts += [f"- {escape.markdown(line)}\n" for line in notes.specification_lines(device)]
    versions: dict[str, str] = {}
    for variant in device.variants.values():
        versions |= variant.any_record["versions"]
    parts.append(_versions_line(versions))
    return "".join(parts)


def _accuracy_section(section: selection.Section) -> str:
    found, run = selection.accuracies(section), section.runs[-1]
    what = f"Accuracy on the test split after epoch {len(run.losses)}, in percent; batches of {run.batch_size}."
    title = escape.markdown(section.title)
    parts = [f"\n## {title}\n\nData: {escape.code(run.data_fingerprint)}. {what}\n\n"]
    parts.append(markdown(accuracy.seeds_table(found)))
    if differences := accuracy.difference_table(found):
        parts.append(f"\n{markdown(differences)}")
    if control := accuracy.control_sentence(found):
        parts.append(f"\n{escape.markdown(control)}\n")
    if apart := drift.drift_table(found):
        parts.append(f"\n### {drift.TITLE}\n\n{markdown(apart)}\n")
    parts += [f"- {escape.markdown(sentence)}\n" for sentence in section.left_out]
    commits = ", ".join(escape.code(commit) for commit in dict.fromkeys(run.commit for run in section.runs))
    dates = escape.markdown(f"{section.runs[0].date} to {run.date}")
    parts.append(f"- {len(section.runs)} runs, {dates}, commit {commits}\n")
    stated = notes.versions_lines([(each.spec, each.suite) for each in section.runs])
    parts += [f"- {escape.markdown(line)}\n" for line in stated]
    return "".join([*parts, _versions_line(section.versions)])


def _versions_line(versions: dict[str, str]) -> str:
    return f"- {escape.markdown(', '.join(f'{name} {version}' for name, version in versions.items()))}\n"
