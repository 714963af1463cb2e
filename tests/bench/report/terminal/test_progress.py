"""What the terminal shows of several runs under way, and that nothing is drawn while a worker is timed."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from rich.console import Console

from bench.report.terminal import progress
from bench.report.terminal.progress import SeriesView, now_doing, training_progress
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


@pytest.mark.parametrize("what", ["what is going on", "training"])
def test_nothing_is_written_or_woken_between_two_steps(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker is timed there, on the same cores."""
    file = io.StringIO()
    console = Console(file=file, width=100, force_terminal=True)
    monkeypatch.setattr(progress, "Console", lambda **options: console)
    training = what == "training"
    shown: AbstractContextManager[Callable[..., None]] = training_progress(console) if training else now_doing()
    before = threading.enumerate()
    with shown as tell:
        for epoch in (0, 1):
            tell(replace(AT, epoch=epoch, title=f"step {epoch}") if training else f"step {epoch}")
            assert f"step {epoch}" in file.getvalue(), "it is drawn at once"
            assert threading.enumerate() == before, "a thread would draw"
            written = file.tell()
            time.sleep(0.25)  # two and more of the redraws that rich makes by itself
            assert file.tell() == written
