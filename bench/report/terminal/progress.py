"""How far a run is, in the terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from bench.report import escape
from bench.training.job import OnProgress
from bench.training.job import Progress as At


@contextmanager
def training_progress(console: Console) -> Iterator[OnProgress]:
    """A bar over all runs, and a line for each that ends; the lines alone where there is no terminal.

    It is drawn when a step is over and never in between, so that nothing of ours runs beside what is timed.

    At the end, what was trained meanwhile took so long: with the start of its workers and all that was lost.
    """
    what, bars = TextColumn("{task.description}", markup=False), (BarColumn(), MofNCompleteColumn())
    columns = (what, *bars, TextColumn("epochs"), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as bar:
        task = bar.add_task("starting", total=None)
        series = SeriesView(console)

        def show(at: At) -> None:
            series.show(at)
            done = series.epochs_done
            bar.update(task, completed=done, total=at.runs * at.epochs, description=series.description, refresh=True)

        yield show
    series.conclude()


class SeriesView:
    """What is told of a series of runs, several of which may be under way.

    Args:
        console: to write to.
        clock: seconds.

    Attributes:
        description: of what is under way.
        epochs_done: over all runs, those in store and those that are lost included.
    """

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self.console, self.clock = console, clock
        self.description, self.epochs_done = "starting", 0
        self._done: dict[int, int] = {}  # epochs, by run
        self._under_way: dict[int, str] = {}
        self._begin: float | None = None
        self._trained: list[int] = []  # epochs of every run that ended well
        self._end = 0.0

    def show(self, at: At) -> None:
        """A line where a run begins anew, is found, ends or is lost; otherwise only what is under way."""
        name = f"{at.title}, seed {at.seed}"
        over = at.stored or bool(at.lost) or at.epoch == at.epochs
        self._done[at.run] = at.epochs if over else at.epoch
        self.epochs_done = sum(self._done.values())
        if at.stored:
            self._say(f"{name}: stored", "dim")
            return
        if self._begin is None:
            self._begin = self.clock()
        if at.lost:
            self._say(f"{name}: lost, for {at.lost}", "red")
        elif at.reason and at.epoch == 0:
            self._say(f"{name}: measured anew, for {at.reason}", "dim")
        elif over:
            self._say(f"{name}: {at.accuracy:.2%}")
            self._trained.append(at.epochs)
        self._end = self.clock()
        if over:
            self._under_way.pop(at.run, None)
        else:
            self._under_way[at.run] = name
        self.description = self._described()

    def _say(self, text: str, style: str = "") -> None:
        self.console.print(escape.terminal(f"  {text}", style))

    def _described(self) -> str:
        names = [escape.one_line(name) for name in self._under_way.values()]
        return f"{len(names)} at once, {names[0]} …" if len(names) > 1 else "".join(names)

    def conclude(self) -> None:
        """How long the runs that were trained took, all in all; nothing where there were none."""
        if self._begin is None or not self._trained:
            return
        seconds, epochs = self._end - self._begin, sum(self._trained)
        runs = f"{len(self._trained)} run{'s' if len(self._trained) > 1 else ''}"
        self._say(f"{runs}, {epochs} epochs in {seconds:.1f} s: {seconds / epochs:.3g} s a run and epoch", "dim")


@contextmanager
def now_doing() -> Iterator[Callable[[str], None]]:
    """A line that says what is going on at the moment; nothing where there is no terminal.

    It is written when it is told and never in between. A line that moves by itself would be drawn by a thread of this
    process, several times a second, on the cores of the workers that are timed meanwhile.
    """
    console = Console(stderr=True, emoji=False)
    if not console.is_terminal:
        yield lambda what: None
        return
    with Live(escape.terminal_line("starting"), console=console, auto_refresh=False, transient=True) as live:
        yield lambda what: live.update(escape.terminal_line(what), refresh=True)
