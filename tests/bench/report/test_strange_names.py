"""Names and messages with characters of Markdown, HTML and rich: every page and every view shows them as they are."""

from __future__ import annotations

import io
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from rich.console import Console

from bench.base.settings import Settings
from bench.report.own_page import FIRST_LINE
from bench.report.publish import publish_markdown
from bench.report.terminal import comparison, summary
from bench.results.comparison import compare
from bench.results.load import load
from markdown_page import Seen, seen
from strange_results import DEVICE, MACHINE, MESSAGE, SHOWN, VARIANTS, write_strange_results

OWN, LECTURE = f"results/{MACHINE}/README.md", f"results/lecture/{MACHINE}/README.md"
PAGES = ("README.md", "results/README.md", OWN, "results/lecture/README.md", LECTURE)


@pytest.fixture
def project(real_settings: Settings) -> Path:
    """A folder with the pages of strange results."""
    folder = real_settings.results.parent
    names = [f"<!-- lenet-parity:{name} {which} -->" for name in ("results", "lecture") for which in ("begin", "end")]
    (folder / "README.md").write_text("\n".join(["# Mine", *names, "the end"]))
    write_strange_results(real_settings)
    publish_markdown(real_settings.results)
    return folder


def page(project: Path, name: str) -> tuple[str, Seen]:
    text = (project / name).read_text()
    return text, seen(text)


@pytest.mark.parametrize("name", PAGES)
def test_every_row_has_the_columns_of_its_table(project: Path, name: str) -> None:
    text, found = page(project, name)
    assert found.tables
    blocks = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert len(blocks) == len(found.tables)
    for block, table in zip(blocks, found.tables, strict=True):
        lines = block.splitlines()
        assert {line.count("|") for line in lines} == {len(table[0]) + 1}
        assert len(table) == len(lines) - 1  # without the line of dashes


@pytest.mark.parametrize("name", PAGES)
def test_no_html_is_others(project: Path, name: str) -> None:
    text, found = page(project, name)
    assert "<script" not in text
    assert "<img src=x" not in text
    pictures = re.findall(r"<(?:source|img|/?picture)\b.*?>", "".join(re.findall(r"^<picture>.*$", text, re.MULTILINE)))
    assert bool(pictures) == (name in ("README.md", LECTURE))
    for picture in pictures:
        assert re.fullmatch(
            r'</?picture>|<source media="[^"<>]*" srcset="[^"<> ]*">|<img alt="[^"<>]*" src="[^"<> ]*">', picture
        )
        for src in re.findall(r' src="([^"]*)"', picture):
            assert ((project / name).parent / unquote(src)).exists()
    markers = [html for html in found.html if html.startswith("<!--")]
    assert len(markers) == (4 if name == "README.md" else 1)
    assert set(found.html) <= {*pictures, *markers, "<code>", "</code>", "<span>", "</span>"}
    if name != "README.md":
        assert markers == [FIRST_LINE.strip()]


def test_links_lead_to_files(project: Path) -> None:
    checked = 0
    for name in PAGES:
        for link in page(project, name)[1].links:
            target = unquote(link)
            if target.startswith("#") or "examples/" in target:
                continue
            assert "curves" in target or ((project / name).parent / target).exists(), target
            checked += 1
    assert checked >= 6


def test_names_and_messages_read_as_they_are(project: Path) -> None:
    _, found = page(project, OWN)
    assert found.headings[1] == f"{DEVICE}, fp32, seed 0"
    assert found.tables[0][0] == ["variant", VARIANTS[0], SHOWN]
    cells = {cell for table in found.tables for row in table for cell in row}
    for text in (f"no: {MESSAGE}", f"FAILED: 1.0e-07 of 1.0e-06, {MESSAGE}", "different (loss|x)"):
        assert text in cells
    everything = "\n".join(found.texts)
    for text in (
        f"{SHOWN}, epoch: {MESSAGE}.",
        f"{SHOWN}, epoch: # a heading.",
        f"not measured: test_epoch[{SHOWN}]: {MESSAGE}",
        "2026-01-01 a|b.json, commit <b>|`[red+changes",
        f"a|b {MESSAGE}",
        f"Data: {MESSAGE}.",
        f"XLA_FLAGS={MESSAGE}",
    ):
        assert text in everything
    assert "em" in found.marks  # ours
    assert found.marks <= {"em", "strong"}


def test_so_they_do_on_the_lectures_page_and_in_the_readme(project: Path) -> None:
    _, found = page(project, LECTURE)
    assert DEVICE in found.headings
    cells = {cell for table in found.tables for row in table for cell in row}
    assert {"a|b", MESSAGE} <= cells
    assert f"37.50% ({MESSAGE}, 2,000 images)" in cells
    everything = " ".join("\n".join(found.texts).split())
    assert f"; {DEVICE}, seed 0, commit <b>|`)" in everything
    assert all(label in everything for label in VARIANTS)
    text, found = page(project, "README.md")
    assert text.startswith("# Mine\n")
    assert text.endswith("\nthe end")
    assert f"{DEVICE}, fp32, seed 0 (all tables)" in found.texts
    assert [row[0] for row in found.tables[0]] == ["variant", VARIANTS[0], SHOWN]
    _, found = page(project, "results/README.md")
    assert DEVICE in found.headings
    assert [row[0] for row in found.tables[0]] == ["variant", VARIANTS[0], SHOWN]


def test_pages_of_strange_results_are_the_same_when_written_again(project: Path) -> None:
    before = [(project / name).read_text() for name in PAGES]
    publish_markdown(project / "results")
    assert [(project / name).read_text() for name in PAGES] == before


def test_a_run_is_shown_as_it_is_in_the_terminal(
    real_settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "1000")
    path = write_strange_results(real_settings)
    summary.show(path, {SHOWN: MESSAGE})
    shown = capsys.readouterr().out
    for text in (
        f"{DEVICE}, fp32, seed 0",
        SHOWN,
        f"Not steady: {path.name}: {MESSAGE}.",
        f"Left out: {SHOWN} ({MESSAGE})",
        "different (loss|x)",
        f"XLA_FLAGS={MESSAGE}",
    ):
        assert text in shown
    assert f": {MESSAGE}\n" in shown


def test_a_comparison_is_shown_as_it_is_in_the_terminal(real_settings: Settings) -> None:
    run = load(write_strange_results(real_settings))
    written = io.StringIO()
    comparison.show(compare(run, run), Console(file=written, width=1000, emoji=False))
    assert f"old  {run.path}, 2026-01-01 | <b>, commit <b>|`[red+changes\n" in written.getvalue()
    assert f"{SHOWN}, different (loss|x)" in written.getvalue()
    assert f"Of the new run: {MESSAGE}." in written.getvalue()
