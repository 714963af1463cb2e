"""An archive holds all that is new and no more than it may."""

from __future__ import annotations

import random
import tarfile
from pathlib import Path

from bench.visit.archive import Archive, write_archive
from bench.visit.state import State


def put(results: Path, name: str, content: bytes) -> None:
    path = results / "abacus" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def archive(results: Path, state: State, limit: int = 100_000) -> Archive | None:
    return write_archive(results, "abacus", state, results / "abacus" / "visit", limit)


def names(found: Archive | None) -> list[str]:
    assert found
    with tarfile.open(found.path) as tar:
        return tar.getnames()


def noise(size: int) -> bytes:
    """What no compression makes smaller."""
    return random.Random(size).randbytes(size)


def test_results_come_first_and_nothing_twice(tmp_path: Path) -> None:
    state = State({})
    put(tmp_path, "visit/times.log", b"log")
    put(tmp_path, "runs/lecture/seed-0.json", b"run")
    put(tmp_path, "2026-01-01.json", b"rows")
    put(tmp_path, "visit/.lock", b"")
    put(tmp_path, "README.md", b"made from the others")
    found = archive(tmp_path, state)
    assert names(found) == ["abacus/2026-01-01.json", "abacus/runs/lecture/seed-0.json", "abacus/visit/times.log"]
    assert found
    assert found.bytes == found.path.stat().st_size
    assert archive(tmp_path, state) is None
    put(tmp_path, "2026-01-01.json", b"more rows")
    second = archive(tmp_path, state)
    assert second
    assert second.path.name == "abacus-slice-2.tar.gz"
    assert names(second) == ["abacus/2026-01-01.json"]


def test_what_has_no_room_comes_with_the_next_one(tmp_path: Path) -> None:
    state = State({})
    put(tmp_path, "a.json", noise(60_000))
    put(tmp_path, "b.json", noise(70_000))
    first = archive(tmp_path, state)
    assert first
    assert first.bytes <= 100_000
    assert [path.name for path in first.left] == ["b.json"]
    second = archive(tmp_path, state)
    assert names(second) == ["abacus/b.json"]


def test_one_file_that_never_has_room_stops_no_other(tmp_path: Path) -> None:
    state = State({})
    put(tmp_path, "a.json", noise(200_000))
    put(tmp_path, "b.json", b"small")
    found = archive(tmp_path, state)
    assert names(found) == ["abacus/b.json"]
    assert found
    assert [path.name for path in found.left] == ["a.json"]


def test_other_machines_are_left_alone(tmp_path: Path) -> None:
    put(tmp_path, "a.json", b"1")
    (tmp_path / "sundial").mkdir()
    (tmp_path / "sundial" / "b.json").write_bytes(b"2")
    assert names(archive(tmp_path, State({}))) == ["abacus/a.json"]
