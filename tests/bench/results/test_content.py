"""A file that is no results file of this suite is named in one sentence, and never ends what reads many."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.base.settings import Settings
from bench.pytest_plugin import resume
from bench.report.pages import write_page, write_pages
from bench.results import schema
from bench.results.load import load
from bench.results.merge import merge
from bench.results.schema import ResultsError
from foreign_results import FOREIGN
from impls.errors import LenetError
from made_up_results import row, store

NAME = "2026-01-01T00-00-00Z.json"


@pytest.fixture(autouse=True)
def code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare every test a second: no code changes here."""
    monkeypatch.setattr(resume, "harness_digest", lambda: "0123")


@pytest.fixture(params=FOREIGN)
def foreign(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    """A file in a machine's folder of ``tmp_path / "results"``, and what is to be said of it."""
    data, said = FOREIGN[request.param]
    path = tmp_path / "results" / "abacus" / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    return path, said


def test_it_is_named_in_one_sentence(foreign: tuple[Path, str]) -> None:
    path, said = foreign
    with pytest.raises(ResultsError) as error:
        load(path)
    assert str(error.value).startswith(f"{path} is not a results file of this suite ({said}")
    assert "\n" not in str(error.value)


def test_the_tables_go_without_it(foreign: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    path, said = foreign
    store(path.with_name("good.json"), row("epoch"))
    page = write_page(path.parents[1], path.parent.name)
    assert "pytorch:eager" in page.read_text()
    warning = capsys.readouterr().err
    assert f"warning: {path} is not a results file of this suite ({said}" in warning
    assert "good.json" not in warning


@pytest.mark.parametrize("there", [False, True], ids=["source", "there"])
def test_it_is_not_merged(foreign: tuple[Path, str], tmp_path: Path, there: bool) -> None:
    path, said = foreign
    (tmp_path / "other" / "abacus").mkdir(parents=True)
    other = store(tmp_path / "other" / "abacus" / NAME, row("epoch"))
    before = path.read_bytes(), other.read_bytes()
    source, results = (other.parents[1], path.parents[1]) if there else (path.parents[1], other.parents[1])
    with pytest.raises(LenetError) as error:
        merge([source], results)
    named = f"abacus/{NAME} in {path.parents[1]} is not a results file of this suite ({said}"
    assert str(error.value).startswith(named)
    assert str(error.value).endswith("; nothing was merged.")
    assert (path.read_bytes(), other.read_bytes()) == before


def test_it_is_not_resumed_and_the_one_before_it_is(
    foreign: tuple[Path, str], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    path, said = foreign
    good = unfinished(path.with_name("2025.json"), settings)
    found = resume.newest_unfinished(replace(settings, results=path.parents[1], machine=path.parent.name))
    assert found.path == good
    assert f"warning: {path} is not a results file of this suite ({said}" in capsys.readouterr().err


def unfinished(path: Path, settings: Settings, **more: object) -> Path:
    """A results file of a run that was interrupted."""
    run = {"schema": 2, "complete": False, "options": settings.as_dict(), "code": "0123"}
    store(path, row("epoch"), run=run, **more)
    values = json.loads(path.read_text())
    values["benchmarks"][0]["fullname"] = "test_epoch"
    path.write_text(json.dumps(values))
    return path


@pytest.mark.parametrize("blocks", [[{}], [{"courses": 3}], [{"courses": {"a": {"error": 1, "speed": 2}}}]])
def test_a_run_whose_blocks_are_broken_is_not_resumed(
    settings: Settings, blocks: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = settings.results / settings.machine
    folder.mkdir(parents=True)
    good, broken = unfinished(folder / "1.json", settings), unfinished(folder / "2.json", settings, blocks=blocks)
    assert resume.newest_unfinished(settings).path == good
    assert f"warning: {broken} has blocks that cannot be read" in capsys.readouterr().err


def test_a_stored_file_of_schema_1_is_still_read() -> None:
    [path] = Path(__file__).parents[3].glob("results/*/2026-11-23T06-59-15Z.json")
    assert load(path).schema == 1
    assert load(path).records


@pytest.mark.parametrize("broken", [None, "", "[3"])
def test_an_installation_without_its_schema_is_said_to_be_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings, broken: str | None
) -> None:
    """Every results file seemed to be unreadable, and the tables were written without any."""
    place = tmp_path / "schema.json"
    if broken is not None:
        place.write_text(broken)
    folder = tmp_path / "results" / "abacus"
    folder.mkdir(parents=True)
    path = store(folder / NAME, row("epoch"))
    monkeypatch.setattr(schema, "SCHEMA_FILE", place)
    schema._validator.cache_clear()
    sentence = f"This installation is broken: {place} cannot be read .* Install lenet-parity again."
    try:
        for act in (
            lambda: load(path),
            lambda: write_pages(tmp_path / "results"),
            lambda: merge([tmp_path / "results"], tmp_path / "other"),
            lambda: resume.newest_unfinished(replace(settings, results=tmp_path / "results")),
            schema.ensure_installed,
        ):
            with pytest.raises(LenetError, match=sentence):
                act()
    finally:
        schema._validator.cache_clear()
    assert not list((tmp_path / "results").rglob("README.md"))
