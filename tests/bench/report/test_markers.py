"""A block of ours is put between its two markers, and nothing else of the page changes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bench.report.markers import MarkerError, fill, marker, replaced_by

BEGIN, END = marker("results", "begin"), marker("results", "end")
LECTURE_BEGIN, LECTURE_END = marker("lecture", "begin"), marker("lecture", "end")
BLOCKS = {"results": "\nnew\n\n", "lecture": "\ntaught\n"}


def filled(tmp_path: Path, text: str) -> str:
    page = tmp_path / "README.md"
    page.write_bytes(text.encode())
    fill(page, BLOCKS)
    return page.read_bytes().decode()


def test_the_markers_are_those_that_pages_are_told_to_have() -> None:
    assert (BEGIN, END) == ("<!-- lenet-parity:results begin -->", "<!-- lenet-parity:results end -->")


def test_blocks_are_put_between_their_markers(tmp_path: Path) -> None:
    text = f"a\n{BEGIN}\nold\n{END}\nb\n{LECTURE_BEGIN}\n{LECTURE_END}"
    expected = f"a\n{BEGIN}\n\nnew\n\n{END}\nb\n{LECTURE_BEGIN}\n\ntaught\n{LECTURE_END}"
    assert filled(tmp_path, text) == expected
    assert filled(tmp_path, expected) == expected


def test_a_marker_may_be_indented_by_three_spaces_and_end_in_some(tmp_path: Path) -> None:
    assert "new" in filled(tmp_path, f"   {BEGIN}  \n{END} \n")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"a\n{BEGIN}\nall that follows\n", f"{BEGIN} in line 2 has no end after it"),
        (f"a\n{END}\nb\n", f"{END} in line 2 has no begin before it"),
        (f"{END}\nb\n{BEGIN}\n", f"{END} in line 1 has no begin before it"),
        (f"{BEGIN}\n{BEGIN}\n{END}\n", f"{BEGIN} in line 1 has no end before {BEGIN} in line 2"),
        (f"{BEGIN}\n{END}\n{END}\n", f"{END} in line 3 has no begin before it"),
        (f"{BEGIN}\n{END}\ntext\n{BEGIN}\n{END}\n", f"{BEGIN} in line 4 repeats the one in line 1"),
        (f"{BEGIN}\n{LECTURE_BEGIN}\n{LECTURE_END}\n{END}\n", f"{BEGIN} in line 1 has no end before {LECTURE_BEGIN}"),
        (f"{BEGIN}\n{LECTURE_END}\n{END}\n", f"{LECTURE_END} in line 2 comes before the end of {BEGIN} in line 1"),
        (f"{LECTURE_BEGIN}\n{BEGIN}\n{END}\n", f"{LECTURE_BEGIN} in line 1 has no end before {BEGIN}"),
        (f"{BEGIN}\n```\n{END}\n```\n", f"{BEGIN} in line 1 has no end after it"),
        (f"{BEGIN}\nsee `{END}`\n", f"{BEGIN} in line 1 has no end after it"),
    ],
)
def test_markers_that_are_not_in_pairs_are_refused_and_the_page_stays(tmp_path: Path, text: str, why: str) -> None:
    page = tmp_path / "README.md"
    page.write_text(text)
    with pytest.raises(MarkerError) as caught:
        fill(page, BLOCKS)
    assert f"{page} was left as it is: {why}" in str(caught.value)
    assert page.read_text() == text


QUOTED = [
    f"Put `{BEGIN}` and `{END}` on lines of their own.",
    f"Here {BEGIN} is prose, and {END} too.",
    f"```\n{BEGIN}\nx\n{END}\n```",
    f"```md\n{BEGIN}\nx\n{END}\n``` not its end\n{BEGIN}\n```",
    f"~~~~\n{BEGIN}\n```\n~~~\n{END}\n{BEGIN}\n~~~~~",
    f"   ```\n{BEGIN}\nx\n{END}\n   ```",
    f"```\n    ```\n\t```\n> ```\n{BEGIN}\nx\n{END}\n```",
    f"    {BEGIN}\n    x\n    {END}",
    f"\t{BEGIN}\n\tx\n\t{END}",
    f"> {BEGIN}\n> x\n> {END}",
    f"- {BEGIN}\n- {END}",
    f"- ```\n  {BEGIN}\n  x\n  {END}\n  ```",
    f"1. 1) ~~~\n      {BEGIN}\n      {END}\n      ~~~",
    f"- ```\n```\n{BEGIN}\nx\n{END}\n```",
    f"- item\n\n  ```\n  {BEGIN}\n  {END}\n  ```",
    f"```\nnever closed\n{BEGIN}\nx\n{END}",
]


@pytest.mark.parametrize("quoted", QUOTED)
def test_a_marker_that_is_quoted_is_none(tmp_path: Path, quoted: str) -> None:
    assert filled(tmp_path, quoted) == quoted
    if "never closed" in quoted:
        return
    block = f"{BEGIN}\nold\n{END}\n"
    assert filled(tmp_path, f"{quoted}\n\n{block}") == f"{quoted}\n\n{BEGIN}\n\nnew\n\n{END}\n"


def test_a_line_that_only_looks_like_a_fence_hides_nothing(tmp_path: Path) -> None:
    for line in ("``` a `b`", "``two``", "    ```", "text ```", "~~ ~", "> ```"):
        assert "new" in filled(tmp_path, f"{line}\n\n{BEGIN}\n{END}\n"), line


@pytest.mark.parametrize(
    "text", ["", "no markers\n", "<!-- results: begin -->\nof another tool\n", "<!-- lenet-parity:"]
)
def test_a_page_without_markers_is_left_alone(tmp_path: Path, text: str) -> None:
    assert filled(tmp_path, text) == text


def test_a_page_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    fill(tmp_path / "README.md", BLOCKS)
    assert not list(tmp_path.iterdir())


def test_line_ends_stay_what_they_are(tmp_path: Path) -> None:
    assert filled(tmp_path, f"a\r\n{BEGIN}\r\nold\r\n{END}\r\nb\r\n") == (
        f"a\r\n{BEGIN}\r\n\r\nnew\r\n\r\n{END}\r\nb\r\n"
    )


def test_a_page_in_another_encoding_is_refused_and_one_without_markers_not_read(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_bytes(content := "Größe\n".encode("latin-1"))
    fill(page, BLOCKS)
    assert page.read_bytes() == content
    page.write_bytes(content := f"Größe\n{BEGIN}\n{END}\n".encode("latin-1"))
    with pytest.raises(MarkerError, match="not UTF-8"):
        fill(page, BLOCKS)
    assert page.read_bytes() == content


def test_the_page_keeps_its_mode_and_its_links_and_is_not_written_for_nothing(tmp_path: Path) -> None:
    page, link = tmp_path / "page.md", tmp_path / "README.md"
    page.write_text(f"{BEGIN}\n{END}\n")
    page.chmod(0o640)
    link.symlink_to("page.md")
    fill(link, BLOCKS)
    assert link.is_symlink()
    assert "new" in page.read_text()
    assert stat.S_IMODE(page.stat().st_mode) == 0o640
    os.utime(page, (1, 1))
    fill(link, BLOCKS)
    assert page.stat().st_mtime == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README.md", "page.md"]


OLDER = "<!-- results: begin -->\ntable\n<!-- results: end -->\n"


def test_older_markers_are_named_with_what_replaces_them(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"# Mine\n{OLDER}<!-- lecture: begin -->\n{LECTURE_BEGIN}\n{LECTURE_END}\n")
    assert replaced_by(page, BLOCKS) == [
        f"The results are not put into {page}: in line 2 it has a marker of an older version; replace "
        f"<!-- results: begin --> by {BEGIN} and <!-- results: end --> by {END}."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"```\n{OLDER}```\n",
        "Put `<!-- results: begin -->` and `<!-- results: end -->` there.\n",
        f"{OLDER}{BEGIN}\n{END}\n",
        "<!-- weather: begin -->\n<!-- weather: end -->\n",
    ],
)
def test_what_is_no_older_marker_of_ours_needs_no_word(tmp_path: Path, text: str) -> None:
    page = tmp_path / "README.md"
    page.write_text(text)
    assert replaced_by(page, BLOCKS) == []
    assert replaced_by(tmp_path / "missing.md", BLOCKS) == []
