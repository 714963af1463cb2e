"""The page of one machine: all tables of its results files and of its training runs over seeds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.report import escape
from bench.report.links import relative
from bench.report.machine_results import MachineResults
from bench.report.tables import accuracy, drift, notes, precision, resources
from bench.report.tables.ladder import ladder_table, trajectory_table
from bench.report.tables.main import main_table
from bench.report.tables.markdown import markdown
from bench.report.tables.parameters import parameter_table
from bench.report.tables.table import Table
from bench.report.tables.training import accuracy_table
from bench.results.load import Device
from bench.training.selection import Section, accuracies

HEAD = """Written by `lenet-bench report` from the results files and the training runs that it names; not to be edited.
[How to read the tables](#how-to-read-the-tables) is at the end.
"""

TRAINING = "Training by the recipe: mean loss of each epoch, accuracy on the test split after it"

NOTHING_YET = "\nNothing has been measured yet, or nothing of it can be read.\n"

READING = """*Epoch* is the median of steady epochs, timed in the worker with the device idle at both
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


def text(found: MachineResults, page: Path) -> str:
    """The whole page.

    Args:
        found: what it shows.
        page: where it will be, for its links.
    """
    parts = [f"# {escape.markdown(found.name)}\n\n{HEAD}"]
    parts += [device_section(device, page) for device in found.devices]
    compared = list(precision.tables(found.devices, found.sections))
    parts += [f"\n## {escape.markdown(title)}\n\n{markdown(table)}" for title, table in compared]
    parts += [_accuracy_section(section) for section in found.sections]
    parts += parameters(found.devices)
    if not found.devices and not found.sections:
        return "".join([parts[0], NOTHING_YET])
    readings = [READING]
    if any(resources.resource_table(device) for device in found.devices):
        readings.append(resources.READING)
    if compared:
        readings.append(precision.READING)
    if found.sections:
        readings += [accuracy.READING, drift.READING]
    return "".join([*parts, "\n## How to read the tables\n", *(f"\n{each.strip()}\n" for each in readings)])


def parameters(found: list[Device]) -> list[str]:
    """The section of parameters, once for all that compute the same network; none where nobody counted them."""
    table = next((table for device in found if (table := parameter_table(device))), None)
    return [f"\n## Parameters\n\n{markdown(table)}"] if table else []


def device_section(device: Device, page: Path) -> str:
    """What one run says of one device, data set and seed."""
    parts = [f"\n## {escape.markdown(device.title)}\n\nData: {escape.code(device.data)}.\n"]
    if table := main_table(device).with_figures():
        parts.append(f"\n{markdown(table.upright())}")
    if others := notes.left_out_text(device.left_out):
        parts.append(f"\n{escape.markdown(others)}\n")
    parts += [f"\n### {title}\n\n{markdown(table)}" for title, table in _further_tables(device)]
    if overhead := notes.overhead_text(device):
        parts.append(f"\n### Overhead\n\n{overhead}\n")
    lists = (
        ("Environment variables of the workers", [escape.code(line) for line in notes.environment_lines(device)]),
        ("Not steady", [escape.markdown(each) for each in notes.warnings(device)]),
        ("Timed epochs not compared", [escape.markdown(each) for each in notes.not_compared(device)]),
    )
    for title, items in lists:
        if items:
            parts.append(f"\n### {title}\n\n" + "".join(f"- {item}\n" for item in items))
    return "".join([*parts, f"\n### Measured by\n\n{_measured_by(device, page)}"])


def _further_tables(device: Device) -> Iterator[tuple[str, Table]]:
    """Titles and tables beside the main one, of what was measured."""
    needs = resources.resource_table(device)
    titled = (
        (resources.TITLE, needs.upright() if needs else None),
        (TRAINING, accuracy_table(device)),
        ("The parity ladder: worst comparison of each rung, and what it was allowed", ladder_table(device)),
        ("The ladder's trajectory, on images that hang on no rounding error", trajectory_table(device)),
    )
    for title, table in titled:
        if table and (shown := table.with_figures()):
            yield title, shown


def _measured_by(device: Device, page: Path) -> str:
    parts = []
    for run in device.runs:
        file = escape.link(run.path.name, relative(page, run.path))
        parts.append(f"- {file}, commit {escape.code(run.commit)}\n")
        parts += [f"  - not measured: {escape.markdown(loss)}\n" for loss in notes.losses(run)]
    parts += [f"- {escape.markdown(line)}\n" for line in notes.specification_lines(device)]
    versions: dict[str, str] = {}
    for variant in device.variants.values():
        versions |= variant.any_record["versions"]
    return "".join([*parts, _versions_line(versions)])


def _accuracy_section(section: Section) -> str:
    found, run = accuracies(section), section.runs[-1]
    what = f"Accuracy on the test split after epoch {len(run.losses)}, in percent; batches of {run.batch_size}."
    title = escape.markdown(section.title)
    parts = [f"\n## {title}\n\nData: {escape.code(run.data_fingerprint)}. {what}\n"]
    shown = [table.with_figures() for table in (accuracy.seeds_table(found), accuracy.difference_table(found)) if table]
    parts += [f"\n{markdown(table)}" for table in shown if table]
    if control := accuracy.control_sentence(found):
        parts.append(f"\n{escape.markdown(control)}\n")
    if (apart := drift.drift_table(found)) and (drifted := apart.with_figures()):
        parts.append(f"\n### {drift.TITLE}\n\n{markdown(drifted)}")
    items: list[str] = [escape.markdown(sentence) for sentence in section.left_out]
    commits = ", ".join(escape.code(commit) for commit in dict.fromkeys(run.commit for run in section.runs))
    dates = escape.markdown(f"{section.runs[0].date} to {run.date}")
    items.append(f"{len(section.runs)} runs, {dates}, commit {commits}")
    items += map(escape.markdown, notes.versions_lines([(each.spec, each.suite) for each in section.runs]))
    return "".join([*parts, "\n", *(f"- {item}\n" for item in items), _versions_line(section.versions)])


def _versions_line(versions: dict[str, str]) -> str:
    return f"- {escape.markdown(', '.join(f'{name} {version}' for name, version in versions.items()))}\n"
