"""The page of all machines: the headline of each device, and links to the machines' own pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.report import escape, machine_page
from bench.report.links import relative
from bench.report.machine_results import MachineResults
from bench.report.tables import notes
from bench.report.tables.accuracy import accuracy_sentence
from bench.report.tables.headline import headline_table, summarised
from bench.report.tables.markdown import markdown
from bench.results.load import Device
from bench.training.selection import Section, accuracies
from impls.spec import LECTURE

HEAD = """# Results

Written by `lenet-bench report` from the files in the machines' folders; not to be edited. A machine's page has
everything else that was measured there: what each variant needs and how near to the device's limit it comes, training
epoch by epoch, every rung of the parity ladder, accuracy over seeds, what was not steady, versions and files.
"""

READING = """
## How to read the tables

*Agreement* is what the parity ladder said of that variant in the same run. *Epoch* is the median of steady epochs over
all training images, *spread* the least and the greatest of them and how many there were; the *first epoch* of a fresh
process includes compilation. A ratio (*× pytorch:eager*) has its 95 % interval over blocks of fresh processes; *one
pair* is of a single block, which has none. *pytorch:lecture* is the plain loop as people write it. Each table is of one
run, the one that timed the most variants. "–" means not measured.
"""

NOT_TIMED = "Nothing was timed here on real data; its page has what there is."


def text(found: Sequence[tuple[MachineResults, Path]], page: Path) -> str:
    """The whole page.

    Args:
        found: every machine's results with its page.
        page: where it will be, for its links.
    """
    sections = [section for machine, own in found for section in _sections(machine, relative(page, own))]
    counted = machine_page.parameters([device for machine, _ in found for device in machine.devices])
    return "".join([HEAD, *sections, READING, *counted])


def summary(found: Sequence[tuple[MachineResults, Path]], readme: Path) -> str:
    """The headline of every device on which epochs of the real data were timed, for the project's README."""
    blocks = []
    for machine, own in found:
        for device in summarised(machine.devices):
            link = escape.link("all tables", relative(readme, own))
            blocks.append(f"\n{escape.bold(device.title)} ({link})\n\n{_headline(device)}")
    return "".join(blocks) + "\n"


def _sections(machine: MachineResults, link: str) -> Iterator[str]:
    """The headlines of each device that a machine's results name."""
    timed = summarised(machine.devices)
    names = [device.name for device in machine.devices] + [section.runs[0].device_name for section in machine.sections]
    for name in dict.fromkeys(names):
        yield f"\n## {escape.markdown(name)}\n\n{escape.link(f'All tables of {machine.name}', link)}\n"
        own = [device for device in timed if device.name == name]
        for device in own:
            yield f"\n{escape.bold(device.conditions)}, {_provenance(device)}\n\n{_headline(device)}"
        items = [sentence for device in own if (sentence := _unsteady(device))]
        items += [sentence for section in machine.sections if (sentence := _accuracy(section, name))]
        if items:
            yield "\n" + "".join(f"- {escape.markdown(item)}\n" for item in items)
        if not own:
            yield f"\n{NOT_TIMED}\n"


def _headline(device: Device) -> str:
    table = headline_table(device)
    return markdown(table) if table else ""


def _provenance(device: Device) -> str:
    return f"{escape.markdown(device.date)}, commit {escape.code(device.runs[-1].commit)}"


def _unsteady(device: Device) -> str | None:
    """How many warnings the machine's page has of a table; None where there are none."""
    count = len(notes.warnings(device))
    said = "warning on its page says" if count == 1 else "warnings on its page say"
    return f"{device.conditions}: {count} {said} what was not steady." if count else None


def _accuracy(section: Section, name: str) -> str | None:
    """The result over seeds of the lecture's recipe on a device of this name; None for other runs."""
    run = section.runs[0]
    if run.device_name != name or run.recipe != LECTURE.name or run.made_up:
        return None
    sentence = accuracy_sentence(accuracies(section))
    seeds = len({each.seed for each in section.runs})
    counted = f"{seeds} seed{'' if seeds == 1 else 's'}"
    return f"{run.precision}, accuracy at the end over {counted}, %: {sentence}" if sentence else None
