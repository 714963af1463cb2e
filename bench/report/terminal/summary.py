"""The table of one run, in the terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from bench.report import escape
from bench.report.tables.main import main_table
from bench.report.tables.notes import environment_lines, losses, not_compared, overhead_text, warnings
from bench.report.tables.resources import resource_table
from bench.report.terminal.table import rich_table
from bench.results.load import devices, read_run


def show(path: Path, left_out: dict[str, str]) -> None:
    """Print the main table of a results file, what was lost and what was left out."""
    console = Console(emoji=False)
    run = read_run(path)
    if run is None:
        return
    for device in devices([run]):
        console.print("\n", escape.terminal_line(device.title, "bold"), sep="")
        for table in (main_table(device), resource_table(device)):
            if table:
                console.print(rich_table(table.upright()))
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


def _noted(what: str, text: str) -> Text:
    return Text.assemble((what, "bold"), " ", escape.terminal(text))
