"""Every summary has its mark in the first line and its verdict in the second, and is short enough for a comment."""

from __future__ import annotations

from bench.report.document import Items, Paragraph, Strong
from bench.report.summary.text import LONGEST, LONGEST_MESSAGE, TOO_LONG, Summary, cut, failure, mark, to_markdown
from markdown_page import seen

STRANGE = "[x](y) | `z` <script>alert(1)</script> **b** \\ &amp; _e_"


def test_the_mark_is_the_first_line_and_is_not_seen() -> None:
    text = to_markdown(Summary("check", [Strong("Fine."), "All of it."], folded={"More": [Paragraph(["x"])], "No": []}))
    assert text.splitlines()[:2] == [mark("check"), "**Fine.** All of it."]
    found = seen(text)
    assert found.texts == ["Fine. All of it.", "x"]
    assert found.html == [mark("check"), "<details>\n<summary>More</summary>", "</details>"]


def test_marks_of_two_commands_differ() -> None:
    assert mark("check") not in mark("compare")
    assert mark("compare") not in mark("check")


def test_a_failure_says_why_and_claims_nothing() -> None:
    found = seen(to_markdown(failure("compare", STRANGE, f"It broke: {STRANGE}")))
    [told] = found.texts
    assert told.startswith("Failed, so there is no verdict. lenet-bench compare of [x](y)")
    assert told.endswith(f"ended early: It broke: {STRANGE}.")
    assert not [html for html in found.html if "script" in html]
    assert not found.links


def test_a_summary_that_is_too_long_leaves_out_its_details() -> None:
    details = {"More": [Items([["word " * 100]] * 200)]}
    text = to_markdown(Summary("check", [Strong("Fine.")], folded=details))
    assert len(text) < LONGEST
    assert TOO_LONG in text
    assert "word" not in text
    assert text.startswith(f"{mark('check')}\n**Fine.**\n")


def test_a_long_message_is_cut_and_says_so() -> None:
    assert cut("a\nb") == "a b"
    assert cut("x" * LONGEST_MESSAGE) == "x" * LONGEST_MESSAGE
    assert cut("x" * 10_000) == f"{'x' * LONGEST_MESSAGE} (cut here; it has 10,000 characters)"
