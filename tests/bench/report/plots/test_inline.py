"""Figures within the page: one copy, in the page's colours, with ids of their own."""

from __future__ import annotations

import re
from functools import partial

from bench.report.plots.inline import COLOURS, inline, variables
from bench.report.plots.rounds import rounds_figure
from bench.report.plots.style import DARK, LIGHT

ROUNDS = {"pytorch:eager": ([2.0, 2.1, 2.2], [0, 0, 1]), "<b>&:x": ([3.0, 3.1], [0, 1])}


def drawn(prefix: str = "one") -> str:
    return inline(partial(rounds_figure, ROUNDS), what='Rounds of "a" & <b>', prefix=prefix)


def test_every_colour_is_the_pages() -> None:
    assert not re.findall(r"#[0-9a-fA-F]{6}\b", drawn())
    assert "var(--pytorch)" in drawn()
    assert "var(--ink)" in drawn()


def test_each_theme_defines_every_colour() -> None:
    for theme in (LIGHT, DARK):
        assert variables(theme).count("--") == len(COLOURS)
    assert variables(LIGHT) != variables(DARK)


def test_ids_are_unique_in_a_page_of_two() -> None:
    ids = re.findall(r'\bid="([^"]*)"', drawn("one") + drawn("two"))
    rounds = [name for name in ids if name.endswith("-rounds")]
    others = [name for name in ids if name not in rounds]
    assert len(others) == len(set(others))
    for name in re.findall(r'(?:url\(|href=")#([^")]*)', drawn("one")):
        assert name in ids


def test_text_is_text_and_cannot_be_markup() -> None:
    svg = drawn()
    assert 'aria-label="Rounds of &quot;a&quot; &amp; &lt;b&gt;"' in svg
    assert "&lt;b&gt;&amp;:x" in svg
    assert "<b>" not in svg
    assert "<metadata" not in svg


def test_there_is_a_mark_for_every_round() -> None:
    groups = re.findall(r'id="one-rounds">(.*?)</g>\s*</g>', drawn(), flags=re.DOTALL)
    assert sum(group.count("<use ") for group in groups) == 5
