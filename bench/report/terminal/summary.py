"""The table of one run, in the terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from bench.report import escape
from bench.report.tables.headline import brief_table
from bench.report.tables.main import main_table
from bench.report.tables.notes import environment_lines, losses, not_compared, overhead_text, warnings
from bench.report.tables.resources import resource_table
from bench.report.tables.table import Table
from bench.report.terminal import table as tables
from bench.results.load import Device, devices, read_run


def show(path: Path, left_out: dict[str, str], *, wide: bool = False, console: Console | None = None) -> None:
    """Print the tables of a results file, what was lost and what was left out.

    Args:
        path: of the file; nothing is printed where it cannot be read.
        left_out: variants that were not measured, with the reason.
        wide: show every figure, and not only the headline's.
        console: to write to; None for the usual output.
    """
    console = console or Console(emoji=False)
    run = read_run(path)
    if run is None:
        return
    for device in devices([run]):
        console.print("\n", escape.terminal_line(device.title, "bold"), "\n", sep="")
        for table in _tables(device, wide):
            tables.show(table, console)
            console.print()
        if overhead := overhead_text(device):
            console.print(escape.terminal(overhead))
        if variables := environment_lines(device):
            text = f"Environment variables of the workers: {', '.join(variables)}."
            console.print(escape.terminal(text))
        for warning in warnings(device):
            console.print(_noted("Not steady:", warning))
        for reason in not_compared(device):
            console.print(_noted("Timed epochs not compared:", reason))
    for loss in losses(run):
        console.print(_noted("Not measured:", loss))
    for label, reason in left_out.items():
        console.print(escape.terminal(f"Left out: {label} ({reason}); name it with --backend to have it."))
    if not wide:
        console.print(escape.terminal("--wide shows more figures, and so does `lenet-bench show --wide`.", "dim"))


def _tables(device: Device, wide: bool) -> list[Table]:
    if not wide:
        return [table for table in (brief_table(device),) if table]
    found = (main_table(device).with_figures(), resource_table(device))
    return [each.upright() for each in found if each]


def _noted(what: str, text: str) -> Text:
    return Text.assemble((what, "bold"), " ", escape.terminal(text))
