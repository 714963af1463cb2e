"""The page about a check: its verdict and all it rests on, in Markdown and in HTML, whatever names hold."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bench.parity.known_deviations import Entry, KnownDeviations
from bench.parity.verdict import INCONCLUSIVE, PASSED, Measured, Report, Rung
from bench.report.document import Code, Document, Grid, Items, Listing, Paragraph, Strong, to_html, to_markdown
from bench.report.parity_page import page
from made_up_checks import found, rungs
from markdown_page import Seen, seen

STRANGE = "[x](y) | `z` <script>alert(1)</script> **b** \\ &amp; _e_"
FAILED = Rung.of(
    "gradients",
    [
        Measured(0.1, 1.0, "gradient of fc3.bias (first batch)"),
        *(Measured(2.0 + k, 1.0, f"gradient of conv{k}.weight (tied maxima)", {"index": [k]}) for k in range(12)),
    ],
    causes=["tied maxima share their gradient"],
)


def shown(*checked: object, **more: object) -> tuple[Seen, str]:
    """The page in Markdown as a reader sees it, and its text."""
    text = to_markdown(page(found(**more), Report(*checked)))  # type: ignore[arg-type]
    return seen(text), text


def section(text: str, heading: str) -> str:
    return text.split(f"## {heading}\n")[1].split("\n## ")[0]


def test_an_equivalent_backend() -> None:
    on_page, text = shown(rungs())
    assert on_page.headings[0] == "LeNet parity v2: equivalent, fp32"
    assert f"Equivalent: all {len(rungs())} rungs agree." in on_page.texts
    [ladder, settings] = on_page.tables
    assert ladder[0][:5] == ["rung", "result", "measured", "allowed", "comparisons"]
    assert ladder[1] == ["1 contract", "passed", "exact", "exact", "1", "everything"]
    assert [row[0].split(maxsplit=1)[1] for row in ladder[1:]] == [rung.name for rung in rungs()]
    stated = dict(map(tuple, settings[1:]))
    assert stated["suite"] == "lenet-parity 0.1.0, commit 0123456789"
    assert (stated["the suite's code"], stated["the backend's code"]) == ("5012e", "c0de")
    assert (stated["python"], stated["device"], stated["data"]) == ("3.11.7", "Abacus, 2 cores (cpu)", "cifar10-x")
    assert stated["specification"].startswith("version 2 ")
    assert "OMP_NUM_THREADS=2" in on_page.texts
    assert "None were declared." in section(text, "Known deviations")
    assert "```sh\nlenet-bench check my.module:Mine:plain --spec 2\n```" in text


def test_what_was_seen_and_what_was_not() -> None:
    _, text = shown(rungs())
    was, was_not = section(text, "What was seen"), section(text, "What was not seen")
    assert "- Data: CIFAR-10.\n" in was
    assert "301 steps of Adam in a row, and one step from a loaded count of 2,500 and 70,000." in was
    assert "made up" not in was_not
    assert "- Memory of the optimizer beyond step 70,001.\n" in was_not
    assert "- Final accuracy: not compared" in was_not
    assert "- Devices other than cpu, and precisions other than fp32.\n" in was_not


def test_a_backend_that_keeps_its_optimizer_to_itself_is_seen_for_fewer_steps() -> None:
    _, text = shown(rungs(counts=()))
    assert "- Memory of the optimizer: 301 steps of Adam in a row.\n" in section(text, "What was seen")
    was_not = section(text, "What was not seen")
    assert "- Memory of the optimizer beyond step 301.\n" in was_not
    assert "- A step of Adam from a count of 2,500 and 70,000: the backend does not give out" in was_not


def test_made_up_images_and_what_a_rung_left_out_are_told() -> None:
    taken = [
        *rungs()[:-1],
        Rung.of("determinism", [Measured(0, 0, "bits")], left_out=["a whole epoch, since it is long"]),
    ]
    on_page, text = shown(taken, synthetic=2000)
    assert "- Data: 2,000 made-up training images.\n" in section(text, "What was seen")
    assert on_page.headings[0] == "LeNet parity v2: equivalent, fp32, made-up images"
    was_not = section(text, "What was not seen")
    assert "- CIFAR-10: the images were made up.\n" in was_not
    assert "- Determinism: a whole epoch, since it is long.\n" in was_not


def test_accuracy_is_seen_where_it_was_decided() -> None:
    accuracy = Rung("accuracy", PASSED, 0.002, 0.01, "final accuracy", detail="The mean difference is +0.2 points.")
    _, text = shown([*rungs(), accuracy])
    assert "- Final accuracy over paired seeds: The mean difference is +0.2 points.\n" in section(text, "What was seen")
    assert "accuracy" not in section(text, "What was not seen")
    undecided = Rung("accuracy", INCONCLUSIVE, 0.02, 0.01, "final accuracy", detail="Three more seeds would settle it.")
    on_page, text = shown([*rungs(), undecided], verdict="inconclusive")
    assert on_page.headings[0] == "LeNet parity v2: inconclusive, fp32"
    assert "accuracy" not in section(text, "What was seen")
    assert "compared and not decided. Three more seeds would settle it.\n" in section(text, "What was not seen")


def test_a_different_backend_is_told_where_and_why() -> None:
    on_page, text = shown(rungs(FAILED), verdict="different")
    assert (
        "Different, first on the rung 'gradients': gradient of conv0.weight (tied maxima) at [0] is off by 2"
        in text.replace("\\", "")
    )
    why = section(text, "Why the rung 'gradients' failed")
    assert "- Looks like: **tied maxima share their gradient**\n" in why
    assert "2 more of the rung's 13 comparisons failed." in why
    ladder, failures, _ = on_page.tables
    assert next(row for row in ladder if row[0] == "6 gradients")[1:5] == ["failed", "2.0e+00", "1.0e+00", "13"]
    assert failures[1][:3] == ["2", "1", "no"]
    assert len(failures) == 1 + 10
    was_not = section(text, "What was not seen")
    assert "- Skipped: the rungs optimizer, trajectory, memory" in was_not
    assert "because 'gradients' failed.\n" in was_not
    assert "Memory" not in section(text, "What was seen")


def test_declared_deviations_are_marked(tmp_path: Path) -> None:
    (tmp_path / "xfails.txt").write_text("gradients: gradient of conv1.weight*\ngradients: fc9*\nprediction\n")
    known = KnownDeviations.read(str(tmp_path / "xfails.txt"))
    text = to_markdown(page(found(verdict="different"), Report(rungs(FAILED)), known))
    _, failures, declared, _ = seen(text).tables
    assert [row[2] for row in failures[1:5]] == ["no", "yes", "no", "no"]
    assert declared[1:] == [
        ["gradients: gradient of conv1.weight*", "1"],
        ["gradients: fc9*", "0"],
        ["prediction", "the rung was not taken"],
    ]
    assert "They change no verdict." in text


def test_advice_follows_causes() -> None:
    _, text = shown(rungs(replace(FAILED, advice=["look at pooling"])), verdict="different")
    assert "their gradient**\n- Next: look at pooling.\n" in section(text, "Why the rung 'gradients' failed")


def test_a_page_says_that_nothing_is_new() -> None:
    for pattern, new in (("*", False), ("gradient of conv1.weight*", True)):
        known = KnownDeviations([Entry("gradients", pattern)])
        text = to_markdown(page(found(verdict="different"), Report(rungs(FAILED)), known))
        assert ("All that differs was declared before: nothing is new." in text) is not new


def test_with_all_every_rung_that_failed_is_explained() -> None:
    later = Rung.of("prediction", [Measured(3.0, 1.0, "classes")], causes=["stale parameters"])
    taken = [later if rung.name == later.name else FAILED if rung.name == FAILED.name else rung for rung in rungs()]
    _, text = shown(taken, verdict="different")
    assert "Classes is off by 3" in section(text, "Why the rung 'prediction' failed")
    assert "is off by" not in section(text, "Why the rung 'gradients' failed")


@pytest.mark.parametrize("taken", [0, 3])
def test_a_check_that_came_to_nothing_says_why(taken: int) -> None:
    error = {"verdict": "not checked", "error": "it was interrupted", "variant": None, "versions": None, "code": None}
    on_page, text = shown(rungs()[:taken], **error, data_fingerprint=None)
    assert on_page.headings[0] == "LeNet parity v2: not checked, fp32"
    assert any("was to be checked against the float64 reference" in each for each in on_page.texts)
    assert "Not checked. There is no verdict: it was interrupted." in on_page.texts
    assert "quivalent" not in text
    assert "- Not reached: the rungs " in section(text, "What was not seen")
    assert len(on_page.tables) == (2 if taken else 1)
    assert ("- Nothing.\n" in section(text, "What was seen")) is not bool(taken)


def test_a_rung_that_compared_nothing_is_shown_as_failed() -> None:
    on_page, text = shown(rungs(Rung.of("data", [])), verdict="different")
    assert next(row for row in on_page.tables[0] if row[0] == "3 data")[1:] == [
        *("failed", "–", "–", "–", "nothing was compared")
    ]
    assert "Different, first on the rung 'data': nothing was compared." in on_page.texts
    assert "No known mistake" in section(text, "Why the rung 'data' failed")


def test_names_of_others_change_nothing_on_the_page() -> None:
    failing = Rung.of("loss", [Measured(2.0, 1.0, STRANGE, detail=STRANGE)], causes=[STRANGE])
    more = {
        "backend": STRANGE,
        "device_name": STRANGE,
        "versions": {STRANGE: STRANGE},
        "environment": {STRANGE: STRANGE},
    }
    on_page, text = shown(rungs(failing), verdict="different", command=f"lenet-bench check '{STRANGE}' ```", **more)
    assert not on_page.links
    assert not [each for each in on_page.html if "script" in each]
    [settings] = [table for table in on_page.tables if table[0] == ["what", "which"]]
    assert [STRANGE, STRANGE] in settings
    assert f"Looks like: {STRANGE}" in on_page.texts
    assert f"````sh\nlenet-bench check '{STRANGE}' ```\n````\n" in text
    html = to_html(page(found(**more, verdict="different"), Report(rungs(failing))))
    assert "<script" not in html
    assert tags(html)


DOCUMENT = Document(
    "A title",
    [
        Paragraph([Strong("Bold."), "And", Code("a `b` | c")]),
        Items([["one"], [Code("two")]]),
        Grid(["name", "figure"], ["left", "right"], [[Code("x|y"), "1"], [Strong("z"), "2"]]),
        Listing("lenet-bench  check 'a  b'"),
    ],
)


def test_a_document_in_markdown() -> None:
    on_page = seen(to_markdown(DOCUMENT))
    assert on_page.headings == ["A title"]
    assert on_page.texts == ["Bold. And a `b` | c", "one", "two"]
    assert on_page.tables == [[["name", "figure"], ["x|y", "1"], ["z", "2"]]]


class _Tags(HTMLParser):
    """Fails where a tag is closed that is not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags(html: str) -> list[str]:
    parser = _Tags()
    parser.feed(html)
    parser.close()
    assert not parser.open
    return parser.seen


def test_a_document_in_html_needs_no_other_file() -> None:
    html = to_html(DOCUMENT)
    assert html.startswith("<!doctype html>\n")
    assert {"html", "title", "h1", "p", "strong", "code", "ul", "li", "table", "pre"} <= set(tags(html))
    assert not {"script", "link", "img", "iframe"} & set(tags(html))
    assert "url(" not in html
    assert "<pre>lenet-bench  check 'a  b'</pre>" in html
