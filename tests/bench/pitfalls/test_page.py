"""The page is made from the stored file alone; the committed one is what the committed file gives."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bench.pitfalls import page
from bench.pitfalls.__main__ import PUBLISHED
from bench.pitfalls.catalogue import MISTAKES
from bench.pitfalls.stored import FOLDER, Stored
from command import ROOT
from impls.errors import LenetError
from made_up_pitfalls import missing, stored


def test_every_mistake_has_its_section_in_order() -> None:
    text = page.text(stored())
    places = [text.index(f"\\. {mistake.title}\n") for mistake in MISTAKES]
    assert places == sorted(places)
    assert text.count("**The wrong headline:**") == text.count("**The right one:**") == len(MISTAKES)
    for mistake in MISTAKES:
        for thread in mistake.threads:
            assert f"]({thread.url}):" in text
        assert f"`{mistake.where[0]}`" in text


def test_what_was_not_measured_says_why_and_has_no_headline() -> None:
    made = stored(tf32=missing("needs a GPU."))
    del made.outcomes["rounds"]
    text = page.text(made)
    assert "**Not measured:** needs a GPU.\n" in text
    assert re.search(r"not measured: needs a GPU +\|", text)
    assert "**Not measured:** nobody has.\n" in text
    assert text.count("**The wrong headline:**") == len(MISTAKES) - 2


def test_text_from_files_and_backends_changes_nothing_around_it() -> None:
    made = stored()
    made.device = "<script>alert(1)</script> | **Abacus**"
    before = made.outcomes["unfinished"]
    refusal = "no | wait <b>\n# x"
    made.outcomes["unfinished"] = replace(before, figures=replace(before.figures, refusal=refusal))
    text = page.text(made)
    assert "<script>" not in text
    assert "<b>" not in text
    assert "\n# x" not in text
    assert "**Abacus**" not in text


def test_a_page_is_written_over_an_older_one_of_ours_alone(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    page.write(path, page.MARK + "one\n")
    page.write(path, page.MARK + "two\n")
    assert path.read_text() == page.MARK + "two\n"
    path.write_text("# My notes\n")
    with pytest.raises(LenetError, match="was left as it is"):
        page.write(path, page.MARK + "three\n")
    assert path.read_text() == "# My notes\n"
    path.write_text("\n")
    page.write(path, page.MARK + "four\n")
    assert path.read_text() == page.MARK + "four\n"


def test_the_committed_page_is_what_the_committed_file_gives() -> None:
    found = sorted((ROOT / "results" / FOLDER).glob("*/measured.json"))
    assert bool(found) == PUBLISHED.exists(), "neither without the other: run make pitfalls ARGS=--publish"
    assert not found or PUBLISHED.read_text() in [page.text(Stored.read(path)) for path in found]
