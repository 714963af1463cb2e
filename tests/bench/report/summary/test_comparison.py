"""The summary of a comparison: what is slower comes first, and what was not judged never reads as a pass."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bench.report.summary.comparison import of_two_builds, of_two_files
from bench.report.summary.text import Summary, mark, to_markdown
from bench.results.comparison import Comparison
from bench.stats.change import NOT_JUDGED
from made_up_builds import WORKER, two_builds
from made_up_comparisons import compared
from made_up_results import row, run_rows
from markdown_page import Seen, seen

STRANGE = "[x](y) | `z` <script>alert(1)</script> **b** \\ &amp; _e_"
SEEN = r"A change of more than \d+ %( \(\d+ % at worst\))? would have been found\."
PASSES = ("No difference", "became", "None is slower")


def shown(summary: Summary) -> tuple[str, Seen]:
    """The first paragraph, and all of it."""
    text = to_markdown(summary)
    assert text.splitlines()[0] == mark("compare")
    page = seen(text)
    return page.texts[0], page


def test_a_slow_build_is_named_with_its_change() -> None:
    found = two_builds(4, slower=1.3, labels=("pytorch:eager", "flax:jit"))
    first, page = shown(of_two_builds(found, 10))
    assert first.startswith("Slower by more than 10 %: pytorch:eager first epoch +")
    assert first.count(" epoch +") == 4
    main, everything, about = page.tables
    assert [row[0] for row in main[1:]] == ["pytorch:eager", "pytorch:eager", "flax:jit", "flax:jit"]
    assert {row[-1] for row in main[1:]} == {"slower"}
    assert len(everything) == 1 + 8
    assert ["device", "Abacus, 2 cores"] in about
    assert ["data", "400 made-up images"] in about
    assert "strong" in page.marks


def test_without_a_limit_it_is_counted() -> None:
    first, _ = shown(of_two_builds(two_builds(4, slower=1.3)))
    assert re.fullmatch(rf"Of 4 figures, 2 became slower and 0 faster\. {SEEN}", first)
    first, _ = shown(of_two_builds(two_builds(4, slower=1.3), 90))
    told = r"Of 4 figures, 2 became slower and 0 faster\. None is slower by more than 90 % with its whole interval\."
    assert re.fullmatch(f"{told} {SEEN}", first)


def test_no_difference() -> None:
    first, page = shown(of_two_builds(two_builds(1), 10))
    assert re.fullmatch(rf"No difference beyond noise in 4 figures\. {SEEN}", first)
    assert len(page.tables[0]) == 1 + 1  # the epoch


def test_a_comparison_that_could_not_have_seen_the_limit_says_so() -> None:
    """Two blocks find nothing, whatever changed."""
    first, page = shown(of_two_builds(two_builds(1, blocks=3), 2))
    assert re.fullmatch(
        r"No difference beyond noise in 4 figures\. 4 of 4 figures are too noisy to show a change of 2 %; they show "
        r"one of more than \d+ % \(\d+ % at worst\)\. More blocks narrow it\.",
        first,
    )
    assert "strong" in page.marks
    assert "too noisy" not in shown(of_two_builds(two_builds(1, blocks=20), 20))[0]
    first, _ = shown(of_two_builds(two_builds(1, blocks=2), 2))
    assert first.endswith("The blocks are too noisy to show a change of any size. More blocks narrow it.")


def test_one_build_compared_with_itself_says_so() -> None:
    """Two environments that import the same code from the current folder look like a pass."""
    first, _ = shown(of_two_builds(two_builds(1, same_code=True), 10))
    assert first.endswith(" Both builds are of the same code.")
    other = {"pytorch:eager": {"old": WORKER, "new": WORKER | {"code": "0ther"}}}
    first, page = shown(of_two_builds(two_builds(1, same_code=True, workers=other), 10))
    assert "same code" not in first
    assert "pytorch:eager has other code." in page.texts


@pytest.mark.parametrize("fail_over", [None, 10.0])
def test_nothing_judged_is_no_pass(fail_over: float | None) -> None:
    found = two_builds(2, blocks=2)
    found.blocks[1].old.courses["pytorch:eager"].error = "it fell over in /home/alice/x.py"
    first, page = shown(of_two_builds(found, fail_over))
    assert {each.verdict for each in found.figures} == {NOT_JUDGED}
    assert first.startswith("Failed: pytorch:eager left before the end: it fell over in (path). No verdict: nothing")
    assert "None of 4 figures could be judged: only 1 block." in first
    assert ("The limit of 10 % has nothing to go by, so the command failed." in first) == (fail_over is not None)
    assert not any(word in first for word in PASSES)
    assert not any("alice" in text for text in page.texts)


@pytest.mark.parametrize("fail_over", [None, 10.0])
def test_zero_comparisons_are_no_pass(fail_over: float | None) -> None:
    first, _ = shown(of_two_builds(two_builds(1, blocks=0, labels=()), fail_over))
    assert first.startswith("No verdict: nothing was compared.")
    assert not any(word in first for word in PASSES)
    first, page = shown(of_two_files(compared([row("agreement")], [row("agreement")]), fail_over))
    assert first.startswith("No verdict: nothing was compared.")
    assert len(page.tables) == 1  # of the runs, and none of figures


def test_an_interpreter_is_not_named() -> None:
    _, page = shown(of_two_builds(two_builds(1, old="the one of /home/alice/venv/bin/python")))
    assert ["old", "the one of (path)"] in page.tables[-1]


def test_training_that_is_not_the_same_is_told_above_the_table() -> None:
    found = two_builds(1)
    found.blocks[1].apart["pytorch:eager"] = 3e-4
    first, _ = shown(of_two_builds(found))
    assert first.startswith("pytorch:eager does not train the same bits in both builds; lenet-bench check says whether")


def files(old: dict[str, Any] | None = None, new: dict[str, Any] | None = None, **factors: Any) -> Comparison:
    rows = [
        [each | (more or {}) for each in run_rows(seed, blocks=8, **own)]
        for seed, more, own in ((1, old, {}), (2, new, factors))
    ]
    return compared(*rows)


def test_two_files() -> None:
    first, page = shown(of_two_files(files(epoch=1.3), 10))
    assert first.startswith("Slower by more than 10 %: pytorch:eager epoch +")
    assert page.tables[-1][1:] == [["old", "old.json, 2026-01-01, commit 0123456789"], ["new", page.tables[-1][2][1]]]


def test_two_files_without_repeats_have_no_verdict() -> None:
    first, _ = shown(of_two_files(compared(run_rows(1, blocks=4), run_rows(2, blocks=4), []), 10))
    assert first.startswith("No verdict: nothing could be judged. None of 12 figures could be judged: no repeated runs")
    assert not any(word in first for word in PASSES)


def test_a_faster_run_of_another_computation_is_told_first() -> None:
    different = {"verdict": "different", "first_failed_rung": "loss"}
    first, _ = shown(of_two_files(files(new=different, epoch=0.5)))
    assert first.startswith("Not the same computation: flax:jit is different (loss) in the new run. Not the same")
    assert "pytorch:eager is different (loss) in the new run." in first
    assert "faster" in first


def test_what_the_new_run_lost_is_told_above_the_table() -> None:
    found = files()
    found.new.lost.append({"name": "test_epoch[flax:jit]", "outcome": "failed", "reason": STRANGE})
    first, page = shown(of_two_files(found))
    assert first.startswith("The new run lost 1 of its measurements; the remarks say why.")
    assert f"Not measured in the new run: test_epoch[flax:jit]: {STRANGE}" in page.texts


def test_names_of_others_change_nothing() -> None:
    strange = STRANGE.replace(":", "")
    found = compared(*([row("epoch", backend=strange, variant="x", device_name=strange)] for _ in range(2)))
    first, page = shown(of_two_files(found))
    assert not [html for html in page.html if "script" in html]
    assert not page.links
    assert page.tables[0][1][0] == f"{strange}:x"
    found = two_builds(2, labels=(strange,), device_name=strange, old=strange, slower=2.0)
    first, page = shown(of_two_builds(found, 10))
    assert f"{strange} epoch +" in first
    assert not [html for html in page.html if "script" in html]
