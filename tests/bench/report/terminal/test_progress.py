"""What the terminal shows of several runs under way."""

from __future__ import annotations

from dataclasses import replace

from rich.console import Console

from bench.report.terminal.progress import SeriesView
from short_trainings import AT


def test_what_is_shown_of_several_runs_under_way() -> None:
    console = Console(record=True, width=200)
    times = iter([0.0, 1.0, 2.0, 3.0, 10.0, 12.0, 13.0, 14.0])
    view = SeriesView(console, lambda: next(times))
    view.show(replace(AT, run=3, epoch=2, stored=True, seed=9))
    one, other = AT, replace(AT, run=2, seed=1, title="y")
    view.show(one)
    view.show(other)
    assert view.description == "2 at once, x, seed 0 …"
    view.show(replace(other, epoch=1, accuracy=0.1))
    assert view.epochs_done == 3
    view.show(replace(one, epoch=2, accuracy=0.25))
    assert view.description == "y, seed 1"
    view.show(replace(other, lost="it died"))
    view.conclude()
    assert console.export_text().splitlines() == [
        "  x, seed 9: stored",
        "  x, seed 0: 25.00%",
        "  y, seed 1: lost, for it died",
        "  1 run, 2 epochs in 12.0 s: 6 s a run and epoch",
    ]
