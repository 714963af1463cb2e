"""The table of one run, in the terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from bench.report.tables.main import main_table
from bench.report.tables.notes import environment_lines, losses, overhead_text, warnings
from bench.report.tables.resources import resource_table
from bench.report.tables.table import Table
from bench.results.load import devices, read_run


def show(path: Path, left_out: dict[str, str]) -> None:
    """Print the main table of a results file, what was lost and what was left out."""
    console = Console(emoji=False)
    run = read_run(path)
    if run is None:
        return
    for device in devices([run]):
        console.print(f"\n{device.title}", style="bold", highlight=False)
        for table in (main_table(device), resource_table(device)):
            if table:
                console.print(_rich(table.upright()))
        if overhead := overhead_text(device):
            console.print(overhead)
        if variables := environment_lines(device):
            text = f"Environment variables of the workers: {', '.join(variables)}."
            console.print(escape(text), highlight=False)
        for warning in warnings(device):
            console.print(f"[bold]Not steady:[/bold] {escape(warning)}", highlight=False)
    for loss in losses(run):
        console.print(f"[bold]Not measured:[/bold] {escape(loss)}", highlight=False)
    for label, reason in left_out.items():
        console.print(f"Left out: {label} ({reason}); name it with --backend to have it.", markup=False)


def _rich(table: Table) -> RichTable:
    rich = RichTable(*table.header)
    for column in rich.columns[1:]:
        column.justify = "right"
    for row in table.rows:
        rich.add_row(*row)
    return rich
