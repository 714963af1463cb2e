"""``report --publish`` writes the project's own pages, and the committed ones are what it writes."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from bench.report.publish import SITE, publish, publish_markdown
from command import ROOT
from committed import copy_committed
from impls.errors import LenetError
from made_up_schema_1 import EPOCH, FLAX, store

MARKERS = "<!-- lenet-parity:results begin -->\nstale\n<!-- lenet-parity:results end -->\n"


def test_committed_pages_are_what_the_committed_files_say(tmp_path: Path) -> None:
    """No number in a table was written by hand."""
    names = copy_committed(tmp_path)
    pages = {name for name in names if name.startswith("results/") and name.endswith("/README.md")}
    assert len(pages) >= 4
    overview = tmp_path / "results" / "README.md"
    overview.write_text(overview.read_text().replace("1", "7"))  # by hand
    written = {path.relative_to(tmp_path).as_posix() for path in publish_markdown(tmp_path / "results")}
    assert written == pages, "run `lenet-bench report --publish` and commit its pages"
    for page in (*sorted(pages), "README.md", "docs/speed.md"):
        assert (tmp_path / page).read_text() == (ROOT / page).read_text(), f"`lenet-bench report --publish` for {page}"


def test_the_readme_follows_and_nothing_else_of_it_changes(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{MARKERS}after\n")
    store(tmp_path / "results", "a", "2026-01-01", EPOCH, FLAX)
    pages = publish_markdown(tmp_path / "results")
    assert [page.relative_to(tmp_path).as_posix() for page in pages] == [
        "results/abacus/README.md",
        "results/README.md",
    ]
    first = readme.read_text()
    assert first.startswith("before\n")
    assert first.endswith("after\n")
    assert "stale" not in first
    assert "2.00 (one pair)" in first
    assert "[all tables](results/abacus/README.md)" in first
    publish_markdown(tmp_path / "results")
    assert readme.read_text() == first


def test_a_page_with_older_markers_stays_and_its_owner_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = tmp_path / "README.md"
    text = "# Mine\n<!-- results: begin -->\ntable\n<!-- results: end -->\n"
    readme.write_text(text)
    store(tmp_path / "results", "a", "2026-01-01", EPOCH)
    publish_markdown(tmp_path / "results")
    assert readme.read_text() == text
    assert "warning: The results are not put into" in (said := capsys.readouterr().err)
    assert "replace <!-- results: begin --> by <!-- lenet-parity:results begin -->" in said


def test_within_the_folder_of_results_the_readme_is_the_one_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(tmp_path / "results", "a", "2026-01-01", EPOCH)
    readme = tmp_path / "README.md"
    for inside, named in (("results", "."), ("results/abacus", "..")):
        readme.write_text(MARKERS)
        monkeypatch.chdir(tmp_path / inside)
        publish_markdown(Path(named))
        assert "pytorch:eager" in readme.read_text()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A stand-in for what writes the page for a browser."""
    module = ModuleType("bench.report.site.page")
    monkeypatch.setitem(sys.modules, "bench.report.site", ModuleType("bench.report.site"))
    monkeypatch.setitem(sys.modules, "bench.report.site.page", module)
    return module


def test_the_page_for_a_browser_is_written_too(tmp_path: Path, site: ModuleType) -> None:
    def write_site(results: Path, page: Path) -> None:
        page.write_text(f"of {results.name}")

    site.write_site = write_site  # type: ignore[attr-defined]
    store(tmp_path / "results", "a", "2026-01-01", EPOCH)
    assert publish(tmp_path / "results")[-1] == tmp_path / "results" / SITE
    assert (tmp_path / "results" / SITE).read_text() == "of results"


def test_where_it_cannot_be_written_the_others_are(tmp_path: Path, site: ModuleType) -> None:
    def write_site(results: Path, page: Path) -> None:
        raise LenetError("It needs altair.")

    site.write_site = write_site  # type: ignore[attr-defined]
    store(tmp_path / "results", "a", "2026-01-01", EPOCH)
    with pytest.raises(LenetError, match=r"^It needs altair\.$"):
        publish(tmp_path / "results")
    assert (tmp_path / "results" / "README.md").exists()
