"""Results of several places come together without a loss; what contradicts is refused before anything is written."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from bench.results.merge import merge
from impls.errors import LenetError
from made_up_results import content, row

NAME = "abacus/2026-01-01T00-00-00Z.json"


def a_run(*kinds: str, complete: bool = False, **more: Any) -> bytes:
    """A results file with these rows."""
    values = content(*(row(kind) for kind in kinds), **more)
    for kind, benchmark in zip(kinds, values["benchmarks"], strict=True):
        benchmark["fullname"] = kind
    values["run"]["complete"] = complete
    return json.dumps(values).encode()


def folder(path: Path, **files: bytes) -> Path:
    for name, data in files.items():
        place = path / NAME if name == "results" else path / "abacus" / name.replace("__", "/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return path


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def files_in(path: Path) -> dict[str, bytes]:
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in path.rglob("*") if p.is_file()}


def test_folders_and_archives_are_brought_together(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", results=a_run("epoch"), runs__seed_0=b"0")
    two = archive(tmp_path / "two.tar.gz", {"abacus/runs/seed_1": b"1", "abacus/README.md": b"a page"})
    found = merge([one, two], tmp_path / "all")
    assert sorted(found.added) == [NAME, "abacus/runs/seed_0", "abacus/runs/seed_1"]
    assert files_in(tmp_path / "all") == {NAME: a_run("epoch"), "abacus/runs/seed_0": b"0", "abacus/runs/seed_1": b"1"}
    again = merge([one, two], tmp_path / "all")
    assert (again.added, again.replaced, len(again.same)) == ([], [], 3)


@pytest.mark.parametrize("later_first", [False, True])
def test_a_run_that_goes_on_takes_the_place_of_its_beginning(tmp_path: Path, later_first: bool) -> None:
    part, whole = a_run("agreement"), a_run("agreement", "epoch", complete=True)
    sources = [folder(tmp_path / "one", results=part), folder(tmp_path / "two", results=whole)]
    for source in reversed(sources) if later_first else sources:
        merge([source], tmp_path / "all")
    assert files_in(tmp_path / "all") == {NAME: whole}


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"runs__seed_0": b"0"}, {"runs__seed_0": b"another"}),
        ({"results": a_run("agreement")}, {"results": a_run("epoch")}),
        (
            {"results": a_run("agreement")},
            {"results": a_run("agreement", "epoch").replace(b'"seed": 0}, "code"', b'"seed": 1}, "code"')},
        ),
    ],
    ids=["two runs from one seed", "two beginnings", "other options"],
)
@pytest.mark.parametrize("there", [False, True])
def test_what_contradicts_is_refused_and_nothing_is_written(
    tmp_path: Path, one: dict[str, bytes], two: dict[str, bytes], there: bool
) -> None:
    assert one != two
    first = folder(tmp_path / "one", **one)
    second = folder(tmp_path / "two", **two, aaa=b"would be written first")
    if there:
        merge([first], tmp_path / "all")
    before = files_in(tmp_path / "all")
    with pytest.raises(LenetError, match="contradicts the file of that name that is already there; nothing was merged"):
        merge([second] if there else [first, second], tmp_path / "all")
    assert files_in(tmp_path / "all") == before


def test_what_was_not_validated_where_it_was_written_is_validated_here(tmp_path: Path) -> None:
    wrong = a_run("epoch").replace(b'"precision": "fp32"', b'"precision": 32')
    with pytest.raises(LenetError, match=r"is not a results file of this suite \(.*precision.*nothing was merged\."):
        merge([folder(tmp_path / "one", results=wrong)], tmp_path / "all")


def test_a_visits_own_files_are_those_of_the_last_slice(tmp_path: Path) -> None:
    slices = [archive(tmp_path / f"{n}.tar.gz", {"abacus/visit/state.json": str(n).encode()}) for n in (1, 2)]
    found = merge(slices, tmp_path / "all")
    assert found.added == ["abacus/visit/state.json"]
    assert files_in(tmp_path / "all") == {"abacus/visit/state.json": b"2"}


@pytest.mark.parametrize("name", ["../outside.json", "/outside.json", "abacus/../../outside.json", "outside.json"])
def test_an_archive_cannot_write_outside(tmp_path: Path, name: str) -> None:
    with pytest.raises(LenetError, match="is not inside a machine's folder; nothing was merged"):
        merge([archive(tmp_path / "evil.tar.gz", {name: b"{}"})], tmp_path / "all")
    assert not list(tmp_path.rglob("outside.json"))


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_a_source_that_is_none_is_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    source = tmp_path / "source.tar.gz"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(LenetError, match="is neither a folder nor a complete archive .*; nothing was merged"):
        merge([source], tmp_path / "all")


BAD_FOLDERS = ["..", "a|b", "<b>", "[red]", "-x", ".git", "a\nb", "x ", "a\\b", "index.html"]


@pytest.mark.parametrize("machine", BAD_FOLDERS)
@pytest.mark.parametrize("within", ["", "lecture/", "speed/"])
def test_a_folder_that_cannot_be_a_machines_is_refused(tmp_path: Path, machine: str, within: str) -> None:
    source = archive(tmp_path / "source.tar.gz", {"abacus/x.txt": b"x", f"{within}{machine}/runs/seed-0.json": b"{}"})
    with pytest.raises(LenetError, match="nothing was merged"):
        merge([source], tmp_path / "all" / "results")
    assert [path.name for path in tmp_path.iterdir()] == ["source.tar.gz"]


@pytest.mark.parametrize("machine", sorted({*BAD_FOLDERS} - {".."}))
def test_so_is_one_in_a_folder_of_results(tmp_path: Path, machine: str) -> None:
    place = tmp_path / "source" / machine / "runs" / "seed-0.json"
    place.parent.mkdir(parents=True)
    place.write_text("{}")
    with pytest.raises(LenetError, match="cannot be a machine's: .*; nothing was merged") as caught:
        merge([tmp_path / "source"], tmp_path / "all")
    assert repr(machine) in str(caught.value)
    assert not (tmp_path / "all").exists()


def test_the_lectures_and_the_speed_pages_folders_are_merged(tmp_path: Path) -> None:
    files = {f"{folder}/abacus/x/y.json": b"{}" for folder in ("lecture", "speed")} | {"lecture/notes.txt": b"n"}
    merge([archive(tmp_path / "source.tar.gz", files)], tmp_path / "all")
    assert files_in(tmp_path / "all") == files


def test_a_name_within_a_folder_that_steers_a_terminal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LenetError, match="nothing was merged") as caught:
        merge([archive(tmp_path / "source.tar.gz", {"abacus/\x1b[2J.json": b"{}"})], tmp_path / "all")
    assert "\x1b" not in str(caught.value)
