"""The page as a file: whole, self-contained, safe, small, and never in the place of somebody else's."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from bench.base.settings import Settings
from bench.report import own_page
from bench.report.site.page import gathered, site_text, write_site
from command import ROOT
from impls.errors import LenetError
from made_up_results import row, run_rows, store
from strange_results import DEVICE, MESSAGE, SHOWN, write_strange_results

MADE_UP = 60
"""Result files of ten machines."""


@pytest.fixture(scope="module")
def ours() -> str:
    """The page of the committed results."""
    return site_text(gathered(ROOT / "results"), ROOT / "results" / "index.html")


def many_machines(folder: Path) -> Path:
    """Made-up results: six files of each of ten machines."""
    for number in range(MADE_UP):
        machine = folder / f"machine-{number % 10}"
        machine.mkdir(parents=True, exist_ok=True)
        precision = ("fp32", "tf32", "bf16")[number // 10 % 3]
        labels = ("pytorch:eager", "pytorch:tuned", "pytorch:lecture", "flax:jit", "flax:scan", "flax:tuned")
        own = {"device_name": f"Machine {number % 10}", "precision": precision, "seed": number // 30}
        rows = [row("agreement", label) for label in labels] + run_rows(number, labels)
        store(machine / f"{number}.json", *(each | own for each in rows))
    return folder


def test_it_is_one_file_that_needs_no_other(ours: str) -> None:
    assert not re.findall(r"<(?:link|iframe|object|embed|img|audio|video)\b", ours)
    assert not re.findall(r"<script[^>]*\bsrc=", ours)
    assert not re.findall(r"url\((?!#)", ours)
    assert not re.findall(r"@import", ours)
    assert len(ours.encode()) < 2_000_000


def test_sixty_files_of_ten_machines_stay_under_five_megabytes(tmp_path: Path) -> None:
    text = site_text(gathered(many_machines(tmp_path)), tmp_path / "index.html")
    assert len(text.encode()) < 5_000_000
    assert len(re.findall(r'<tr id="machine-', text)) == MADE_UP * 6


def test_every_pair_of_a_device_has_its_ratio_in_the_page(ours: str) -> None:
    found = json.loads(re.search(r'<script type="application/json" id="ratios">(.*?)</script>', ours, re.DOTALL)[1])
    for part in found.values():
        for compared in part.values():
            assert compared.keys() == next(iter(part.values())).keys()


def test_no_name_or_message_becomes_markup(tmp_path: Path, real_settings: Settings) -> None:
    write_strange_results(real_settings)
    text = site_text(gathered(real_settings.results), tmp_path / "index.html")
    for strange in (DEVICE, SHOWN, MESSAGE):
        assert strange not in text
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert text.count("</script>") == 2  # the ratios and ours


def test_an_older_page_of_ours_is_replaced_and_another_is_left(tmp_path: Path) -> None:
    (tmp_path / "results" / "a").mkdir(parents=True)
    store(tmp_path / "results" / "a" / "x.json", *run_rows(0))
    page = tmp_path / "results" / "index.html"
    write_site(tmp_path / "results", page)
    first = page.read_text()
    assert first.startswith(own_page.FIRST_LINE)
    write_site(tmp_path / "results", page)
    assert page.read_text() == first
    page.write_text("<p>mine</p>")
    with pytest.raises(own_page.ForeignPageError, match="left as it is"):
        write_site(tmp_path / "results", page)
    assert page.read_text() == "<p>mine</p>"


def test_no_results_and_no_jinja_are_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LenetError, match=r"There are no results to show; measure some"):
        write_site(tmp_path, tmp_path / "index.html")
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(LenetError, match=r"needs Jinja2; install it with `pip install 'lenet-parity\[report\]'`"):
        write_site(tmp_path, tmp_path / "index.html")


def test_the_first_device_is_the_one_with_the_fullest_answers(ours: str) -> None:
    first = ours.partition('<section class="answers"')[2].partition("<details>")[0]
    assert len(re.findall("<h3>", first)) == 5
    assert "What did the lecture get wrong?" in first


def test_every_plot_has_a_table_behind_it(ours: str) -> None:
    for place in re.findall(
        r'<details class="place".*?(?=<details class="place"|<section id="lecture")', ours, re.DOTALL
    ):
        figures = re.findall(r"<figure>.*?</figure>", place, re.DOTALL)
        assert figures
        assert all("the figures as a table" in figure and "<table>" in figure for figure in figures)


def test_no_table_of_the_page_has_an_empty_column(ours: str) -> None:
    for table in re.findall(r"<table>.*?</table>", ours, re.DOTALL):
        rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line) for line in re.findall(r"<tr>.*?</tr>", table)]
        for column in zip(*rows[1:], strict=True):
            assert any(cell not in ("", "–") for cell in column)
