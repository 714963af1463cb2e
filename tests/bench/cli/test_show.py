"""``lenet-bench show`` gives one results file in four formats."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench.cli.app import app
from impls.errors import LenetError
from made_up_results import row, store
from markdown_page import seen


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Two runs of a machine; the newer has another file name than order would say."""
    folder = tmp_path / "results" / "abacus"
    folder.mkdir(parents=True)
    store(folder / "b.json", row("epoch"), row("agreement"))
    store(folder / "a.json", row("epoch", epoch_seconds=[1.0] * 4), row("agreement"), datetime="2026-02-01T00:00:00")
    return tmp_path / "results"


def shown(*arguments: object) -> str:
    done = CliRunner().invoke(app, ["show", *map(str, arguments)])
    if done.exception:
        raise done.exception
    return done.output


def test_the_newest_of_this_machine_is_shown(results: Path) -> None:
    here = ("--results", results, "--machine", "abacus")
    [found] = json.loads(shown("--format", "json", *here))
    assert found["epoch_seconds_median"] == 1.0
    assert found["file"] == str(results / "abacus" / "a.json")
    assert shown("--format", "json", results / "abacus") == shown("--format", "json", *here)


def test_a_file_is_shown_in_every_format(results: Path) -> None:
    file = results / "abacus" / "b.json"
    [found] = csv.DictReader(io.StringIO(shown(file, "--format", "csv")))
    assert found["epoch_seconds_median"] == "2.9"
    text = shown(file)
    assert "Abacus, 2 cores, fp32, seed 0" in text
    assert "2.90" in text
    assert "host memory" not in text
    page = seen(shown(file, "--format", "markdown"))
    assert page.headings == ["Abacus, 2 cores, fp32, seed 0"]
    assert page.tables[0][1][0] == "pytorch:eager"
    wide = seen(shown(file, "--format", "markdown", "--wide"))
    assert "host memory, MB" in {line[0] for table in wide.tables for line in table}
    assert wide.links == ["b.json"]


@pytest.mark.parametrize("form", ["terminal", "markdown", "csv", "json"])
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("no.json",), "no.json cannot be read"),
        (("--results", "none", "--machine", "abacus"), "There is no folder none/abacus; name a results file"),
        ((".",), r"There is no results file in \.; name one\."),
    ],
)
def test_what_cannot_be_shown_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], sentence: str, form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LenetError, match=sentence):
        shown(*arguments, "--format", form)


def test_a_file_of_something_else_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(LenetError, match="is not a results file of this suite"):
        shown(tmp_path / "a.json")
