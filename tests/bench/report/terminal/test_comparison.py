"""A comparison of two runs is shown in the terminal with all its figures and remarks."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from bench.report.terminal.comparison import change_text, conclusion, remarks, show
from bench.results.comparison import compare
from bench.results.load import load
from bench.stats.change import SAME
from made_up_comparisons import compared, made_up, repeats, verdicts
from made_up_results import row, run_rows, store


def test_two_blocks_that_are_far_apart_leave_everything_open() -> None:
    sides = [[row("epoch", epoch_seconds=[1.0, x], control_seconds=[1.0, 1.0], blocks=[0, 1])] for x in (9.0, 1.01)]
    found = compared(*sides)
    assert set(verdicts(found).values()) == {SAME}
    assert change_text(found.figures[0]).endswith(" to any)")
    assert "by more than any amount (any amount at worst) here" in conclusion(found)


def test_another_specification_is_told() -> None:
    found = compare(made_up([row("epoch")]), made_up([row("epoch", spec=2)]))
    assert "Verdicts of the old run are of specification 1, those of the new run of 2." in remarks(found)


def test_rows_of_one_run_changed_verdicts_and_lost_rows_are_told() -> None:
    old = made_up([row("epoch"), row("training"), row("agreement", "flax:jit")])
    different = {"verdict": "different", "first_failed_rung": "loss"}
    new = made_up([row("epoch", **different), row("agreement", "flax:jit"), row("evaluation", "flax:jit")])
    new.lost.append({"name": "test_epoch[flax:jit]", "outcome": "failed", "reason": "It crashed."})
    new.warnings.append("other programs were using 1.5 cores")
    found = compare(old, new)
    assert found.only_old == [("pytorch:eager", "training")]
    assert found.only_new == [("flax:jit", "evaluation")]
    assert found.verdict_changed == [("pytorch:eager", "epoch")]
    assert remarks(found) == [
        "Environment variables were not recorded in the old and the new run, so they were not compared.",
        "Only in the old run: pytorch:eager training.",
        "Only in the new run: flax:jit evaluation.",
        "Agreement changed: pytorch:eager epoch: equivalent → different (loss).",
        "Not measured in the new run: test_epoch[flax:jit]: It crashed.",
        "Of the new run: other programs were using 1.5 cores.",
    ]


def test_it_is_shown(tmp_path: Path) -> None:
    rows = run_rows(2, blocks=8, epoch=1.3, machine=2.0)
    old = load(store(tmp_path / "old.json", *run_rows(1, blocks=8)))
    new = load(store(tmp_path / "new.json", *rows, commit_info={"id": "fedcba9876543210", "dirty": True}))
    written = io.StringIO()
    show(found := compare(old, new, repeats()), Console(file=written, width=80, emoji=False))
    text = written.getvalue()
    for part in ("commit 0123456789", "commit fedcba9876+changes", "pytorch:eager, equivalent", "latency, batch 100"):
        assert part in text
    for each in found.figures:
        assert change_text(each) in text
    assert text.count(" beyond noise") == 10  # nothing is cut short at 80 columns
    assert "Both runs are of the same code." in text
    assert conclusion(found).startswith("Of 12 figures judged, 2 became slower and 0 faster. To be told from noise, ")
    assert "times as long in the new run: that is the machine's doing" in " ".join(text.split())


def test_without_repeats_it_is_said_how_to_get_a_verdict(tmp_path: Path) -> None:
    written = io.StringIO()
    old, new = (load(store(tmp_path / f"{n}.json", *run_rows(n, blocks=4))) for n in (1, 2))
    show(compare(old, new), Console(file=written, width=80, emoji=False))
    text = " ".join(written.getvalue().split())
    assert "`lenet-bench compare --against COMMIT`, or let `make repeats`" in text
    assert "Nothing could be judged." in text
    assert text.count("not judged") == 12
    assert "+" in text  # the changes are shown
