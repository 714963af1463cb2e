"""``lenet-bench show``: one results file, for people, for a page or for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from bench.cli.options import Device, Machine, Results, Threads, Wide
from impls.errors import LenetError


def show(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A results file, or a machine's folder (default: this machine's)."),
    ] = None,
    form: Annotated[
        Literal["terminal", "markdown", "csv", "json"],
        typer.Option("--format", help="csv and json have one record per variant; times are in seconds."),
    ] = "terminal",
    wide: Wide = False,
    device: Device = "auto",
    threads: Threads = None,
    results: Results = Path("results"),
    machine: Machine = None,
) -> None:
    """Show a results file: the one that is named, or the newest of this machine."""
    from bench.report.records import records, to_csv, to_json
    from bench.results.load import load

    path = _chosen(file or _own_folder(results, machine, device, threads))
    if form == "terminal":
        from bench.report.terminal import summary

        load(path)  # what is wrong with a file that was named is an error
        summary.show(path, {}, wide=wide, console=Console(emoji=False))
    elif form == "markdown":
        print(_markdown(path, wide), end="")
    else:
        print((to_json if form == "json" else to_csv)(records(load(path))), end="")


def _own_folder(results: Path, machine: str | None, device: str, threads: int | None) -> Path:
    """The folder of this machine's results."""
    from bench.base.settings import Settings

    settings = Settings.checked([], device=device, threads=threads, timeout=1, results=results, machine=machine)
    folder = settings.results / settings.machine
    if not folder.is_dir():
        raise LenetError(f"There is no folder {folder}; name a results file, or a folder in {results} with --machine.")
    return folder


def _chosen(path: Path) -> Path:
    """A results file as it was named, or the newest in a folder."""
    from bench.report.machine_results import runs_in

    if not path.is_dir():
        return path
    runs = runs_in(path)
    if not runs:
        raise LenetError(f"There is no results file in {path}; name one.")
    return max(runs, key=lambda run: (run.date, run.path.name)).path


def _markdown(path: Path, wide: bool) -> str:
    from bench.report import escape
    from bench.report.machine_page import device_section
    from bench.report.tables.headline import headline_table
    from bench.report.tables.markdown import markdown
    from bench.results.load import devices, load

    run = load(path)
    parts = []
    for device in devices([run]):
        if wide:
            parts.append(device_section(device, path))
        elif table := headline_table(device):
            parts.append(f"\n## {escape.markdown(device.title)}\n\n{markdown(table)}")
    return "".join(parts).lstrip("\n")
