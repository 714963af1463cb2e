"""``lenet-bench report`` writes pages in machines' folders, elsewhere, or for the project, as it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.cli.report import report
from command import Run
from committed import tree
from impls.errors import LenetError
from made_up_schema_1 import EPOCH, FLAX, store


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A folder of results of two machines, each with a file."""
    store(tmp_path / "results", "a", "2026-01-01", EPOCH)
    store(tmp_path, "b", "2026-01-02", EPOCH, FLAX).parent.rename(tmp_path / "results" / "sundial")
    return tmp_path / "results"


def new_files(folder: Path, *arguments: Path, **options: object) -> set[str]:
    """What a report adds to a folder; it changes nothing that is there."""
    before = tree(folder)
    report(list(arguments), **options)  # type: ignore[arg-type]
    after = tree(folder)
    assert {name: after[name] for name in before} == before
    return set(after) - set(before)


@pytest.mark.slow
def test_report_command(run: Run, results: Path) -> None:
    done = run("bench.cli", "report", str(results))
    assert done.returncode == 0, done.stderr
    pages = [results / machine / "README.md" for machine in ("abacus", "sundial")]
    assert done.stdout.split() == [str(page) for page in pages]
    assert all("pytorch:eager" in page.read_text() for page in pages)
    assert not (results / "README.md").exists()


def test_pages_go_into_the_folders_of_the_machines_that_were_named(results: Path) -> None:
    assert new_files(results, results / "abacus") == {"abacus/README.md"}
    assert new_files(results, results) == {"sundial/README.md"}


def test_a_machines_folder_may_be_the_current_one(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (results / "abacus" / "visit").mkdir()
    (results / "abacus" / "visit" / "state.json").write_text("{}")
    monkeypatch.chdir(results / "abacus")
    assert new_files(results, Path()) == {"abacus/README.md"}
    assert "# abacus\n" in (results / "abacus" / "README.md").read_text()


def test_pages_go_elsewhere_where_they_are_asked_for(results: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "here"
    assert new_files(tmp_path, results, out=out) == {
        f"out/here/{name}" for name in ("README.md", "index.html", "abacus/README.md", "sundial/README.md")
    }
    overview, page = ((out / name).read_text() for name in ("README.md", "sundial/README.md"))
    assert "[All tables of sundial](sundial/README.md)" in overview
    assert "[b.json](../../../results/sundial/b.json)" in page


def test_a_file_alone_has_a_page_elsewhere(results: Path, tmp_path: Path) -> None:
    other = store(results, "c", "2026-01-03", EPOCH | {"seed": 7})
    assert new_files(tmp_path, other, out=tmp_path / "out") == {"out/README.md", "out/index.html"}
    text = (tmp_path / "out" / "README.md").read_text()
    assert "seed 7" in text
    assert "a.json" not in text
    both = [other, results / "sundial" / "b.json"]
    assert len(new_files(tmp_path, *both, out=tmp_path / "both")) == 4


def test_publishing_writes_the_page_of_all_machines(results: Path) -> None:
    assert new_files(results, results, publish=True) >= {"README.md", "abacus/README.md", "sundial/README.md"}


@pytest.mark.parametrize(
    ("names", "options", "sentence"),
    [
        (["results/abacus/a.json"], {}, "A machine's page is of all its results files; give the folder .*abacus, or"),
        (["results/none"], {}, "There is no folder .*none; give the one that holds your results."),
        (["empty"], {}, "There are no results in .*empty; give a results file"),
        (["empty"], {"out": Path("out")}, "There are no results in .*empty; give a results file"),
        (["results/none.json"], {"out": Path("out")}, "There is no folder .*none.json"),
        (["results", "results"], {"publish": True}, "--publish takes one folder of results"),
        (["results/abacus"], {"publish": True}, "--publish takes one folder of results"),
        (["results"], {"publish": True, "out": Path("out")}, "give one of them"),
        (["results/abacus", "other/abacus"], {"out": Path("out")}, "have one name; give one of these folders another"),
    ],
)
def test_what_cannot_be_reported_is_a_sentence_and_nothing_is_written(
    results: Path, tmp_path: Path, names: list[str], options: dict[str, object], sentence: str
) -> None:
    (tmp_path / "empty").mkdir()
    store(tmp_path / "other", "a", "2026-01-01", EPOCH)
    before = tree(tmp_path)
    options |= {"out": tmp_path / "out"} if "out" in options else {}
    with pytest.raises(LenetError, match=sentence):
        report([tmp_path / name for name in names], **options)  # type: ignore[arg-type]
    assert tree(tmp_path) == before
