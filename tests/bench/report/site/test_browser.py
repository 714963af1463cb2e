"""The page in a real browser, opened from disk: it works, asks for nothing, and anybody can use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench.report.site.page import gathered, site_text
from chromium import axe, chromium
from command import ROOT
from made_up_results import row, run_rows, store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow
HOSTILE = "<script>document.title='taken'</script>:v"


@dataclass
class Opened:
    """A page in the browser, and what it did."""

    page: Page
    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("site") / "index.html"
    path.write_text(site_text(gathered(ROOT / "results"), path))
    return path


@pytest.fixture
def site(browser: Browser, committed: Path) -> Iterator[Opened]:
    yield from opened(browser, committed)


def opened(browser: Browser, path: Path, after: str = "", **context: object) -> Iterator[Opened]:
    where = browser.new_context(**context)  # type: ignore[arg-type]
    found = Opened(where.new_page())
    found.page.on("console", lambda message: found.problems.append(message.text))
    found.page.on("pageerror", lambda error: found.problems.append(str(error)))
    found.page.on("request", lambda request: found.requests.append(request.url))
    found.page.goto(path.as_uri() + after)
    yield found
    where.close()


def shown(page: Page) -> list[str]:
    """Labels of the rows that are visible, in order."""
    return page.eval_on_selector_all("#main tbody tr:not([hidden])", "rows => rows.map(r => r.cells[0].dataset.v)")


def column(page: Page, number: int) -> list[str]:
    script = f"rows => rows.map(r => r.cells[{number}].dataset.v)"
    return page.eval_on_selector_all("#main tbody tr:not([hidden])", script)


def test_it_opens_from_disk_without_an_error_and_asks_for_nothing(site: Opened, committed: Path) -> None:
    assert site.problems == []
    assert site.requests == [committed.as_uri()]
    assert "Which is faster as people write it?" in site.page.inner_text(".answers")


def test_columns_sort_both_ways_and_what_is_empty_comes_last(site: Opened) -> None:
    site.page.click("th[data-key=epoch] button")
    up = column(site.page, 5)
    measured = [float(value) for value in up if value]
    assert measured == sorted(measured)
    assert not any(up[len(measured) :])
    assert site.page.get_attribute("th[data-key=epoch]", "aria-sort") == "ascending"
    site.page.click("th[data-key=epoch] button")
    assert [float(value) for value in column(site.page, 5) if value] == sorted(measured, reverse=True)
    assert site.page.get_attribute("th[data-key=epoch]", "aria-sort") == "descending"


def test_filters_show_what_they_say_and_dim_what_is_not_there(site: Opened) -> None:
    page = site.page
    page.select_option("[name=f]", "flax")
    page.select_option("[name=w]", "best")
    assert shown(page)
    assert all(label.startswith("flax:") for label in shown(page))
    assert page.inner_text("#count").startswith(f"{len(shown(page))} of ")
    page.select_option("[name=p]", "bf16")
    without = page.eval_on_selector_all("[name=d] option:disabled", "found => found.length")
    assert without > 0
    page.click("button[type=reset]")
    page.wait_for_function("location.hash === ''")
    assert len(shown(page)) == page.eval_on_selector("#main tbody", "body => body.rows.length")


def test_any_row_can_be_the_baseline(site: Opened) -> None:
    page = site.page
    page.select_option("[name=d]", index=1)
    page.select_option("[name=b]", "flax:jit")
    ratios = dict(zip(shown(page), page.locator("#main tr:not([hidden]) td.ratio").all_inner_texts(), strict=True))
    assert ratios["flax:jit"] == "1"
    assert re.fullmatch(r"[\d.]+ \([\d.]+–[\d.]+\)|not distinguishable .*", ratios["pytorch:eager"])
    page.select_option("[name=b]", "pytorch:eager")
    assert page.locator("#main tr.base").count() >= 1


def test_the_address_brings_the_same_view_back(site: Opened, browser: Browser, committed: Path) -> None:
    page = site.page
    page.select_option("[name=f]", "pytorch")
    page.select_option("[name=b]", "flax:jit")
    page.click("th[data-key=recipe] button")
    page.click("th[data-key=recipe] button")
    address = page.evaluate("location.hash")
    assert len(address) < 100
    for again in opened(browser, committed, address):
        assert shown(again.page) == shown(page)
        assert again.page.input_value("[name=b]") == "flax:jit"
        assert again.page.get_attribute("th[data-key=recipe]", "aria-sort") == "descending"
        assert again.problems == []


def test_a_made_up_address_changes_nothing(browser: Browser, committed: Path) -> None:
    for found in opened(browser, committed, "#d=nowhere&b=<script>&s=nothing&x=1"):
        assert found.problems == []
        assert len(shown(found.page)) == found.page.eval_on_selector("#main tbody", "body => body.rows.length")


def test_plots_hold_a_mark_for_every_round(site: Opened) -> None:
    seen = 0
    for device in site.page.locator(".place").all():
        key = device.get_attribute("data-d")
        marks = site.page.evaluate(
            """key => [...document.querySelectorAll(`#p-${key} [id="${key}-rounds-rounds"] use`)].length""", key
        )
        table = device.locator("figure").filter(has_text="Every timed epoch").locator("tbody td:last-child")
        rounds = sum(len(text.split(", ")) for text in table.all_text_contents())
        assert marks == rounds
        seen += marks
    assert seen > 50


def test_evidence_opens_by_keyboard_and_its_command_can_be_copied(site: Opened) -> None:
    page = site.page
    page.locator("#main tbody button").first.focus()
    page.keyboard.press("Enter")
    box = page.locator("[popover]:popover-open")
    assert box.count() == 1
    assert "pytest bench/ --benchmark-only" in box.inner_text()
    box.locator(".copy").click()
    page.keyboard.press("Escape")
    assert page.locator("[popover]:popover-open").count() == 0


def test_a_hostile_name_and_message_run_nothing(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    message = "<img src=x onerror=\"document.title='taken'\">"
    rows = [
        each | {"warnings": [message]} for each in run_rows(0, ("pytorch:eager", HOSTILE)) if each["kind"] == "epoch"
    ]
    store(tmp_path / "a" / "x.json", *rows, row("agreement", HOSTILE, device_name="</script><b>x"))
    page = tmp_path / "index.html"
    page.write_text(site_text(gathered(tmp_path), page))
    for found in opened(browser, page):
        found.page.select_option("[name=b]", HOSTILE)
        assert HOSTILE in shown(found.page)
        assert found.page.title() != "taken"
        assert found.problems == []
        assert found.requests == [page.as_uri()] or all("#" in url for url in found.requests[1:])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious(browser: Browser, committed: Path, scheme: str, width: int) -> None:
    for found in opened(browser, committed, color_scheme=scheme, viewport={"width": width, "height": 900}):
        found.page.eval_on_selector_all("details", "all => all.forEach(each => each.open = true)")
        serious = [
            f"{each['id']}: {each['nodes'][0]['html'][:200]} ({len(each['nodes'])})"
            for each in axe(found.page)
            if each["impact"] in ("serious", "critical")
        ]
        assert serious == []
        assert found.page.evaluate("document.documentElement.scrollWidth") <= width
