"""What is shown while something runs reads as it is: brackets are no markup, control characters steer nothing."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from bench.base.settings import Settings
from bench.cli import app
from bench.lecture.reproduce import Reached
from bench.parity.verdict import FAILED, REPORTED, SKIPPED, Measured, Report, Rung
from bench.report.terminal import progress
from bench.report.terminal.ladder import LadderView
from bench.report.terminal.lecture import LectureView
from bench.report.terminal.progress import SeriesView, now_doing, training_progress
from bench.training.paired import arranged
from impls.errors import LenetError
from impls.spec import LECTURE, initial_params
from made_up_runs import made
from paired_runs import BASE, TWIN
from short_trainings import AT

STRANGE = "[red]x[/red] [/] [bold] \\ :smile: <b>|`"


def terminal() -> Console:
    """A terminal that keeps what is written to it."""
    return Console(file=io.StringIO(), width=300, emoji=False, force_terminal=True, color_system=None)


def written(console: Console) -> str:
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_a_check_is_shown_as_it_is() -> None:
    console = terminal()
    view = LadderView(console, verbose=True)
    view.begin(STRANGE)
    measured = Measured(1.0, 0.5, f"comparison {STRANGE}", detail=f"detail {STRANGE}")
    view.show(Rung("loss", SKIPPED, detail=f"skipped {STRANGE}"))
    view.show(Rung("loss", REPORTED, 0.0, 1.0, detail=f"reported {STRANGE}"))
    rung = Rung("loss", FAILED, 1.0, 0.5, f"where {STRANGE}", causes=[f"cause {STRANGE}"], comparisons=[measured])
    view.show(rung)
    view.conclude(Report([rung]))
    strange = [made(f"m:A:{STRANGE}", run.seed, run.final_accuracy) for run in BASE]
    view.accuracies(arranged([*BASE, *TWIN, *strange]))
    shown = written(console)
    for what in ("skipped", "reported", "where", "comparison", "cause"):
        assert f"{what} {STRANGE}" in shown, what
    assert f"(detail {STRANGE})" in shown
    lines = [line.strip() for line in shown.splitlines()]
    assert STRANGE in lines
    assert any(line.startswith("seed ") and line.endswith(f"  m:A:{STRANGE}") for line in lines)
    assert f"m:A:{STRANGE} differs from pytorch:eager" in shown


def test_a_rung_that_compared_nothing_is_shown() -> None:
    console = terminal()
    view = LadderView(console, verbose=True)
    rung = Rung.of("data", [])
    view.show(rung)
    view.conclude(Report([rung]))
    shown = written(console)
    assert "✗ data                     –            nothing was compared\n" in shown
    assert "Different, first on the rung 'data': nothing was compared\n" in shown


def test_what_is_going_on_is_shown_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    console = terminal()
    with LadderView(console, verbose=False).busy(f"starting {STRANGE}"):
        pass
    assert f"starting {STRANGE} …" in written(console)
    console = terminal()
    monkeypatch.setattr(progress, "Console", lambda **options: console)
    with now_doing() as say:
        say(f"closing figures of {STRANGE}")
        console._live_stack[-1].refresh()
    assert f"closing figures of {STRANGE}" in written(console)


def test_runs_under_way_are_shown_as_they_are() -> None:
    console = terminal()
    with training_progress(console) as show:
        show(replace(AT, title=STRANGE, reason=f"a reason {STRANGE}"))
        console._live_stack[-1].refresh()
        show(replace(AT, title=STRANGE, lost=f"it died {STRANGE}"))
    shown = written(console)
    assert f"  {STRANGE}, seed 0: lost, for it died {STRANGE}\n" in shown
    assert f"measured anew, for a reason {STRANGE}" in shown
    assert any(line.strip().startswith(f"{STRANGE}, seed 0 ") for line in shown.replace("\r", "\n").splitlines())


def test_the_lectures_training_is_shown_as_it_is(real_settings: Settings) -> None:
    console = terminal()
    run = made(f"m:A:{STRANGE}")
    with (view := LectureView(console)):
        view.begin(STRANGE, 10, None, f"a reason {STRANGE}")
        view.epoch(1, 2.0, 0.3, 4.0)
        view._status._live.refresh()
    view.interrupted({run.label: Reached(run, initial_params(0))}, LECTURE)
    shown = written(console)
    assert f"trained anew, for a reason {STRANGE}\n" in shown
    assert f"{STRANGE}: epoch 2 of 10" in shown
    assert f"(m:A:{STRANGE} after epoch 2 of 10)" in " ".join(shown.split())


def shown_error(sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    def fail() -> Any:
        raise LenetError(sentence)

    monkeypatch.setattr(app, "app", fail)
    with pytest.raises(SystemExit):
        app.main()
    return capsys.readouterr().err


def test_errors_are_shown_as_they_are(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown_error(STRANGE, monkeypatch, capsys) == f"error: {STRANGE}\n"
    assert shown_error("one\ntwo", monkeypatch, capsys) == "error: one\ntwo\n"


def test_no_message_steers_the_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    evil = "a\x1b[2J\x07b\u202ec"
    assert shown_error(evil, monkeypatch, capsys) == "error: a\\x1b[2J\\x07b\\u202ec\n"
    console = Console(file=io.StringIO(), width=300)
    SeriesView(console).show(replace(AT, title=evil, stored=True))
    LectureView(console).begin(evil, 10, None, evil)
    view = LadderView(console, verbose=False)
    view.begin(evil)
    view.show(Rung("loss", FAILED, 1.0, 0.5, evil))
    assert "\x1b" not in written(console)
    assert written(console).count("a\\x1b[2J") == 5
