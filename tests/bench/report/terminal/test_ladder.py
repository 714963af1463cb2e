"""A check in the terminal: what failed, why, and what of it is known."""

from __future__ import annotations

import io

from rich.console import Console

from bench.parity.known_deviations import Entry, KnownDeviations
from bench.parity.verdict import INCONCLUSIVE, PASSED, Measured, Report, Rung
from bench.report.terminal.ladder import LadderView

LOSS = Rung.of("loss", [Measured(2.0, 1.0, "loss (a)"), Measured(3.0, 1.0, "loss (b)")], causes=["it is summed"])
LATER = Rung.of("prediction", [Measured(4.0, 1.0, "classes")], causes=["they are stale"], advice=["look there"])
RUNGS = [Rung.of("data", [Measured(0.0, 0.0, "bytes")]), LOSS, LATER]


def view(*entries: Entry, log: Console | None = None) -> tuple[LadderView, io.StringIO]:
    file = io.StringIO()
    console = Console(file=file, width=60, emoji=False)
    return LadderView(console, verbose=False, known=KnownDeviations(list(entries), path="x.txt"), log=log), file


def concluded(*entries: Entry, rungs: list[Rung] = RUNGS) -> str:
    shown, file = view(*entries)
    for rung in rungs:
        shown.show(rung)
    shown.conclude(Report(rungs))
    return file.getvalue()


def test_every_rung_that_failed_has_its_causes_advice_and_lines() -> None:
    said = concluded()
    assert said.split("\n\n")[1:] == [
        "Different, first on the rung 'loss': loss (a) is off by 2, and 1 is allowed; 1 more of the rung's 2 "
        "comparisons fails\nLooks like: it is summed.\nWhat fails here, as lines for --xfails-file:\n  loss: loss (a)\n"
        "  loss: loss (b)",
        "The rung 'prediction' failed too: classes is off by 4, and 1 is allowed\nLooks like: they are stale.\n"
        "Next: look there.\nWhat fails here, as lines for --xfails-file:\n  prediction: classes\n",
    ]


def test_known_failures_are_shown_as_known() -> None:
    said = concluded(Entry("loss", "*"))
    assert "~ loss               2.0e+00   1.0e+00  loss (a) (known: all 2 that fail are listed)\n" in said
    assert "\n✗ prediction " in said
    assert "Different, first on the rung 'prediction': classes" in said
    assert "and 1 is allowed. Beside that, 2 comparisons differ as x.txt lists\n" in said
    assert "it is summed" not in said


def test_the_verdicts_own_rung_is_explained_first() -> None:
    """It need not be the first that failed, where that one hardly matters."""
    slight = Rung.of("gradients", [Measured(2.0, 1.0, "ties")], causes=["they are shared"], only="tied maxima")
    said = concluded(rungs=[RUNGS[0], slight, LATER])
    assert "Different, first on the rung 'prediction': classes" in said
    assert said.index("they are stale") < said.index("The rung 'gradients' failed too") < said.index("they are shared")


def test_a_check_that_finds_nothing_new_says_so() -> None:
    said = concluded(Entry("loss", "*"), Entry("prediction", "classes"), Entry("data", "bytes"))
    assert "~ prediction         4.0e+00   1.0e+00  classes (known: it is listed)\n" in said
    assert said.split("\n\n")[1] == (
        "Different, and all of it is known: 3 comparisons on the rungs 'loss', 'prediction' differ as x.txt lists\n"
        "x.txt: data: bytes: this agrees now; remove the entry\n"
    )


def test_what_is_not_decided_stays_so_beside_what_is_known() -> None:
    undecided = Rung("accuracy", INCONCLUSIVE, 0.02, 0.01, "final accuracy", detail="too few seeds")
    said = concluded(Entry("loss", "*"), rungs=[*RUNGS[:2], undecided])
    assert "all of it is known: 2 comparisons on the rung 'loss' differ" in said
    assert said.endswith("\nNot decided: too few seeds\n")


def test_a_check_that_breaks_off_says_what_passed_and_why_others_failed() -> None:
    shown, file = view(Entry("prediction", "*"))
    shown.break_off([Rung("contract", PASSED), *RUNGS])
    assert file.getvalue() == (
        "\nThe check broke off. Passed before that: contract, data.\n"
        "Failed before that: loss, loss (a) is off by 2, and 1 is allowed; 1 more of the rung's 2 comparisons fails\n"
        "Looks like: it is summed.\nWhat fails here, as lines for --xfails-file:\n  loss: loss (a)\n  loss: loss (b)\n"
    )
    shown, file = view()
    shown.break_off([])
    assert file.getvalue() == ""


def test_a_log_gets_every_line() -> None:
    log = io.StringIO()
    shown, file = view(log=Console(file=log, width=60, emoji=False))
    shown.begin("a title", "what it is about")
    for rung in RUNGS:
        shown.show(rung)
        assert log.getvalue().splitlines()[-1].split()[1] == rung.name
    shown.conclude(Report(RUNGS))
    assert log.getvalue() == file.getvalue() != ""
