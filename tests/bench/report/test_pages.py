"""The pages are written from the stored files alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import made_up_results
from bench.report.pages import read_runs, write_pages
from command import ROOT
from made_up_schema_1 import EPOCH, FLAX, store


def test_what_was_not_steady_and_what_was_lost_is_on_the_page(tmp_path: Path) -> None:
    lost = [
        {"name": f"test_{kind}[x]", "outcome": "failed", "reason": "x fell over."} for kind in ("epoch", "training")
    ]
    store(tmp_path / "results", "a", "2026-01-01", EPOCH | {"warnings": ["there is no probe"]}, lost=lost)
    page = write_pages(tmp_path / "results").read_text()
    assert "- pytorch:eager, epoch: there is no probe." in page
    assert "not measured: test_epoch\\[x\\], test_training\\[x\\]: x fell over." in page


@pytest.mark.parametrize("content", ["", "{", "[]", '{"benchmarks": [{}]}', '{"benchmarks": 3}'])
def test_an_unreadable_file_is_named_and_left_out(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store(tmp_path, "good", "2026-01-01", EPOCH)
    (tmp_path / "abacus" / "bad.json").write_text(content)
    assert len(read_runs(tmp_path)) == 1
    assert "bad.json is not a results file of this suite (" in capsys.readouterr().err


def test_pages_are_written_from_the_files_alone_and_the_readme_follows(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- lenet-parity:results begin -->\nstale\n<!-- lenet-parity:results end -->\nafter\n")
    store(tmp_path / "results", "a", "2026-01-01", EPOCH, FLAX)
    write_pages(tmp_path / "results")
    first = readme.read_text()
    assert first.startswith("before\n")
    assert first.endswith("after\n")
    assert "stale" not in first
    assert "2.00 (one pair)" in first
    write_pages(tmp_path / "results")
    assert readme.read_text() == first


def test_a_page_with_older_markers_stays_and_its_owner_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = tmp_path / "README.md"
    text = "# Mine\n<!-- results: begin -->\ntable\n<!-- results: end -->\n"
    readme.write_text(text)
    store(tmp_path / "results", "a", "2026-01-01", EPOCH)
    write_pages(tmp_path / "results")
    assert readme.read_text() == text
    assert "warning: The results are not put into" in (said := capsys.readouterr().err)
    assert "replace <!-- results: begin --> by <!-- lenet-parity:results begin -->" in said


def test_committed_tables_are_what_the_committed_files_say(tmp_path: Path) -> None:
    """No number in a table was written by hand."""
    import shutil

    shutil.copytree(ROOT / "results", tmp_path / "results")
    (tmp_path / "docs").mkdir()
    for page in ("README.md", "docs/speed.md"):
        shutil.copy(ROOT / page, tmp_path / page)
    write_pages(tmp_path / "results")
    for page in (
        "README.md",
        "results/README.md",
        "results/speed/README.md",
        "results/lecture/README.md",
        "docs/speed.md",
    ):
        assert (tmp_path / page).read_text() == (ROOT / page).read_text(), f"run `lenet-bench report` for {page}"


def test_the_page_says_by_which_specification_its_verdicts_are(tmp_path: Path) -> None:
    (tmp_path / "results" / "abacus").mkdir(parents=True)
    stated = {"spec": 2, "suite": "0.1.0", "code": "0123"}
    stores = (made_up_results.row("epoch", **stated), made_up_results.row("training", **stated))
    made_up_results.store(tmp_path / "results" / "abacus" / "new.json", *stores)
    page = write_pages(tmp_path / "results").read_text()
    assert "- specification 2, lenet-parity 0.1.0\n- code: pytorch:eager 0123\n" in page
    assert "specification 1" not in page
    (tmp_path / "results" / "abacus" / "new.json").unlink()
    made_up_results.store(tmp_path / "results" / "abacus" / "mixed.json", stores[0], made_up_results.row("evaluation"))
    assert "- specification 1 for those that state none\n" in write_pages(tmp_path / "results").read_text()
    made_up_results.store(tmp_path / "results" / "abacus" / "mixed.json", made_up_results.row("epoch"))
    assert "specification" not in write_pages(tmp_path / "results").read_text()
