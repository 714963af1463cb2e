"""The summary of a check says its verdict plainly, and one that rests on nothing does not read as a pass."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.parity.known_deviations import Entry, KnownDeviations
from bench.parity.verdict import INCONCLUSIVE, PASSED, Measured, Report, Rung
from bench.report.summary.check import of_check
from bench.report.summary.text import mark, to_markdown
from made_up_checks import found, rungs
from markdown_page import Seen, seen

STRANGE = "[x](y) | `z` <script>alert(1)</script> **b** \\ &amp; _e_"
FAILED = Rung.of(
    "gradients",
    [
        Measured(0.1, 1.0, "gradient of fc3.bias (first batch)"),
        *(Measured(2.0, 1.0, f"gradient of conv{k}.weight (tied maxima)") for k in range(3)),
    ],
    causes=["tied maxima share their gradient"],
)
PASSES = ("Equivalent", "agree", "same computation as")


def shown(*checked: Any, known: KnownDeviations | None = None, **more: Any) -> tuple[str, dict[str, str], Seen]:
    """The first sentence of the summary, its table, and all of it."""
    text = to_markdown(of_check(found(**more), Report(*checked), known))
    assert text.splitlines()[0] == mark("check")
    page = seen(text)
    return page.texts[0], dict(map(tuple, page.tables[0][1:])), page


def test_an_equivalent_backend() -> None:
    first, table, page = shown(rungs())
    count = len(rungs())
    comparisons = sum(len(rung.comparisons) for rung in rungs())
    assert first == (
        "Equivalent. my.module:Mine:plain is the same computation as the float64 reference: "
        f"all {count} rungs agree, in {comparisons} comparisons on CIFAR-10."
    )
    assert table["rungs"] == f"{count} passed"
    assert table["comparisons"] == str(comparisons)
    assert table["nearest to its limit"].startswith("10% of what is allowed, on the rung 'memory': fc3.bias after step")
    assert table["checked by"] == "lenet-parity 0.1.0, specification 2"
    assert next(html for html in page.html if "summary>" in html).endswith("<summary>All rungs</summary>")


def test_made_up_images_are_named_in_the_verdict() -> None:
    first, table, _ = shown(rungs(), synthetic=2000)
    assert first.endswith(" comparisons on 2,000 made-up images, not on CIFAR-10.")
    assert table["data"] == "2,000 made-up images"


def test_a_different_backend() -> None:
    first, table, _ = shown(rungs(FAILED), verdict="different")
    assert first.startswith("Different. my.module:Mine:plain is not the same computation as the float64 reference; it")
    assert "parts first on the rung 'gradients': gradient of conv0.weight (tied maxima) is off by 2, and 1 is" in first
    assert table["looks like"] == "tied maxima share their gradient"
    assert table["rungs"].startswith("5 passed, 1 failed, ")
    assert "declared before" not in table


def test_declared_deviations_change_no_verdict(tmp_path: Path) -> None:
    (tmp_path / "xfails.txt").write_text("gradients: gradient of conv1.weight*\n")
    known = KnownDeviations.read(str(tmp_path / "xfails.txt"))
    first, table, _ = shown(rungs(FAILED), known=known, verdict="different")
    assert first.startswith("Different.")
    assert table["declared before"] == "1 of 3 failed comparisons; no verdict changes"


def test_what_fails_can_be_pasted_and_advice_is_given() -> None:
    failing = replace(FAILED, advice=["write it as where(x == max)"])
    text = to_markdown(of_check(found(verdict="different"), Report(rungs(failing))))
    lines = "\n".join(f"gradients: gradient of conv{k}.weight (tied maxima)" for k in range(3))
    assert "<summary>What fails here, as lines for --xfails-file</summary>" in text
    assert f"\n{lines}\n```" in text
    assert shown(rungs(failing), verdict="different")[1]["next"] == "write it as where(x == max)"


def test_where_all_is_declared_the_first_sentence_says_so() -> None:
    first, _, page = shown(rungs(FAILED), known=KnownDeviations([Entry("gradients", "*")]), verdict="different")
    assert first.startswith("Different.")
    assert first.endswith(" All that differs was declared before: nothing is new.")
    assert not any("as lines for" in html for html in page.html)


def test_one_that_was_not_decided() -> None:
    undecided = Rung("accuracy", INCONCLUSIVE, 0.02, 0.01, "final accuracy", detail="Three more seeds would settle it.")
    first, _, page = shown([*rungs(), undecided], verdict="inconclusive")
    assert first == (
        "Not decided. my.module:Mine:plain is neither equivalent nor different so far: "
        "Three more seeds would settle it."
    )
    assert not any(word in first for word in ("Equivalent", "agree"))
    assert page.tables[1][-1][0].endswith("accuracy")


@pytest.mark.parametrize("taken", [0, 3])
def test_one_that_could_not_be_checked(taken: int) -> None:
    error = {"verdict": "not checked", "error": "The module x does not import", "variant": None}
    first, table, _ = shown(rungs()[:taken], **error)
    assert first == (
        "Not checked, so there is no verdict. my.module:Mine could not be checked: The module x does not import."
    )
    assert table["rungs"] == ("3 passed" if taken else "none was taken")
    failed = rungs(FAILED)[:6]
    assert shown(failed, **error)[0].endswith("Before that, the rung 'gradients' failed.")


@pytest.mark.parametrize(
    "taken",
    [
        [],
        [Rung("loss", PASSED)],
        [Rung("loss", PASSED), Rung("data", INCONCLUSIVE, detail="it is open")],
        [Rung.of("data", [])],
    ],
)
def test_nothing_compared_is_no_pass(taken: list[Rung]) -> None:
    """Neither an empty ladder nor rungs without a comparison, whatever they claim, nor one that failed for that."""
    first, table, _ = shown(taken, verdict="equivalent")
    assert not any(first.startswith(word) or f" {word}" in first.partition("not the")[0] for word in PASSES)
    assert "nothing was compared" in first
    assert table["comparisons"] == "0"


def test_names_of_others_change_nothing() -> None:
    failing = Rung.of("loss", [Measured(2.0, 1.0, STRANGE, detail=STRANGE)], causes=[STRANGE])
    more = {"backend": STRANGE, "device_name": STRANGE, "command": f"lenet-bench check '{STRANGE}' ```"}
    first, table, page = shown(rungs(failing), verdict="different", **more)
    assert first.startswith(f"Different. {STRANGE}:plain ")
    assert table["looks like"] == STRANGE
    assert not page.links
    assert not [html for html in page.html if "script" in html]
    assert shown([], verdict="not checked", error=STRANGE)[0].endswith(f"could not be checked: {STRANGE}.")
