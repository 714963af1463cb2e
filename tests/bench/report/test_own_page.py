"""A page of ours is written over an older one of ours, and never over somebody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.report.own_page import FIRST_LINE, OLDER, ForeignPageError, is_ours, write
from bench.report.pages import write_page
from bench.report.publish import publish_markdown
from command import ROOT, Run
from committed import committed_files
from impls.errors import LenetError
from made_up_schema_1 import EPOCH, store

NOTES = "# My notes\n\nThree weeks of work.\n"


def test_a_page_says_that_it_is_ours_and_is_overwritten(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    write(page, "one\n")
    write(page, "two\n")
    assert page.read_text() == FIRST_LINE + "two\n"


@pytest.mark.parametrize("older", [*OLDER, " \n", OLDER[0].replace("\n", "\r\n")])
def test_older_pages_of_ours_and_empty_ones_are_overwritten(tmp_path: Path, older: str) -> None:
    page = tmp_path / "README.md"
    page.write_bytes(older.encode())
    write(page, "new\n")
    assert page.read_text() == FIRST_LINE + "new\n"


@pytest.mark.parametrize("text", [NOTES, f"x\n{FIRST_LINE}", "# Results\n\nof my own\n", f"`{FIRST_LINE}`"])
def test_a_page_of_somebody_else_is_refused_and_stays(tmp_path: Path, text: str) -> None:
    page = tmp_path / "README.md"
    page.write_text(text)
    with pytest.raises(ForeignPageError, match="lenet-bench did not write it; move it elsewhere"):
        write(page, "ours\n")
    assert page.read_text() == text


def test_a_link_to_somebody_elses_page_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text(NOTES)
    (tmp_path / "README.md").symlink_to("notes.md")
    with pytest.raises(ForeignPageError):
        write(tmp_path / "README.md", "ours\n")
    assert (tmp_path / "notes.md").read_text() == NOTES
    (tmp_path / "dead.md").symlink_to("../outside.md")
    write(tmp_path / "dead.md", "ours\n")
    assert not (tmp_path.parent / "outside.md").exists()


def test_the_committed_pages_are_ours() -> None:
    for name in [name for name in committed_files() if name.startswith("results/") and name.endswith("README.md")]:
        assert is_ours(ROOT / name)
        assert (ROOT / name).read_text().startswith(FIRST_LINE)


@pytest.mark.parametrize("refused", ["README.md", "results/README.md", "results/speed/README.md"])
def test_what_is_refused_stays_and_everything_else_is_written(tmp_path: Path, refused: str) -> None:
    for folder in ("results", "results/speed"):
        store(tmp_path / folder, "a", "2026-01-01", EPOCH)
    readme = "<!-- lenet-parity:results begin -->\n<!-- lenet-parity:results end -->\n"
    (tmp_path / "README.md").write_text(readme)
    theirs = readme.replace("end", "begin") if refused == "README.md" else NOTES
    (tmp_path / refused).write_text(theirs)
    with pytest.raises(LenetError, match="was left as it is"):
        publish_markdown(tmp_path / "results")
    assert (tmp_path / refused).read_text() == theirs
    for page in {"README.md", "results/README.md", "results/speed/README.md"} - {refused}:
        assert "pytorch:eager" in (tmp_path / page).read_text(), page


@pytest.mark.slow
def test_the_command_says_what_it_did_not_write(run: Run, tmp_path: Path) -> None:
    store(tmp_path / "results", "a", "2026-01-01", EPOCH)
    page, readme = tmp_path / "results" / "README.md", tmp_path / "README.md"
    page.write_text(NOTES)
    readme.write_text(text := "# Mine\n<!-- lenet-parity:results begin -->\nall my text\n")
    done = run("bench.cli", "report", "--publish", str(tmp_path / "results"))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert f"{page} was left as it is" in done.stderr
    assert f"{readme} was left as it is" in done.stderr
    assert (page.read_text(), readme.read_text()) == (NOTES, text)


def test_a_page_of_somebody_else_in_a_machines_folder_stays(tmp_path: Path) -> None:
    page = store(tmp_path, "a", "2026-01-01", EPOCH).with_name("README.md")
    page.write_text(NOTES)
    with pytest.raises(LenetError, match="with --results or --out"):
        write_page(tmp_path, "abacus")
    assert page.read_text() == NOTES
