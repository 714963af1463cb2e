"""The table of one run, in the terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable

from bench.report.load import devices, read_run
from bench.report.tables import main_table, overhead_text


def show(path: Path, left_out: dict[str, str]) -> None:
    """Print the main table of a results file, what was lost and what was left out."""
    console = Console(emoji=False)
    run = read_run(path)
    if run is None:
        return
    for device in devices([run]):
        table = main_table(device).upright()
        rich = RichTable(*table.header)
        for column in rich.columns[1:]:
            column.justify = "right"
        for row in table.rows:
            rich.add_row(*row)
        console.print(f"\n{device.title}", style="bold", highlight=False)
        console.print(rich)
        if overhead := overhead_text(device):
            console.print(overhead)
    for lost in run.lost:
        console.print(f"[bold]Not measured:[/bold] {lost['name']}: {lost['reason']}")
    for label, reason in left_out.items():
        console.print(f"Left out of a quick run: {label} ({reason}); name it with --backend to have it.")
