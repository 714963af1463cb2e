"""How far a run is, in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from bench.accuracy import OnProgress
from bench.accuracy import Progress as At


@contextmanager
def training_progress(console: Console) -> Iterator[OnProgress]:
    """A bar over all runs, and a line for each that ends; the lines alone where there is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("epochs"))
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def show(at: At) -> None:
            done = (at.run - 1) * at.epochs + at.epoch
            bar.update(task, completed=done, total=at.runs * at.epochs, description=f"{at.title}, seed {at.seed}")
            if at.stored:
                console.print(f"  {at.title}, seed {at.seed}: stored", style="dim", highlight=False)
            elif at.reason and at.epoch == 0:
                console.print(
                    f"  {at.title}, seed {at.seed}: measured anew, for {at.reason}", style="dim", highlight=False
                )
            elif at.epoch == at.epochs:
                console.print(f"  {at.title}, seed {at.seed}: {at.accuracy:.2%}", highlight=False)

        yield show


@contextmanager
def now_doing() -> Iterator[Callable[[str], None]]:
    """A line that says what is going on at the moment; nothing where there is no terminal."""
    console = Console(stderr=True, emoji=False)
    if not console.is_terminal:
        yield lambda what: None
        return
    with console.status("starting") as status:
        yield lambda what: status.update(what)
