"""The command: measures what it is asked for, keeps the rest, and writes no page of anybody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.pitfalls.catalogue import MISTAKES
from bench.pitfalls.page import MARK
from bench.pitfalls.stored import FOLDER, Stored
from command import ROOT, run_module
from made_up_pitfalls import stored


def kept(results: Path, name: str = "measured.json") -> Path:
    return results / FOLDER / "abacus" / name


def published() -> bytes:
    path = ROOT / "docs" / "pitfalls.md"
    return path.read_bytes() if path.exists() else b""


def pitfalls(results: Path, *more: str, code: int = 0) -> str:
    done = run_module("bench.pitfalls", "--results", str(results), "--machine", "abacus", *more)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout if code == 0 else done.stderr


@pytest.mark.slow
def test_the_page_is_written_beside_what_was_measured_and_nowhere_else(tmp_path: Path) -> None:
    stored().write(kept(tmp_path))
    before = published()
    pitfalls(tmp_path, "--page-only")
    page = kept(tmp_path, "README.md")
    assert page.read_text().startswith(MARK)
    assert published() == before
    page.write_text("mine\n")
    assert "was left as it is" in pitfalls(tmp_path, "--page-only", code=2)
    assert page.read_text() == "mine\n"


@pytest.mark.slow
def test_one_mistake_is_measured_again_and_the_others_are_kept(tmp_path: Path) -> None:
    made_up = ("--synthetic", "400", "--threads", "1")
    said = pitfalls(tmp_path, *made_up, "--only", "tf32")
    assert "not measured: needs a GPU" in said
    path = kept(tmp_path, "made-up-400-images.json")
    first = Stored.read(path)
    assert list(first.outcomes) == ["tf32"]
    assert first.data.startswith("synthetic")
    pitfalls(tmp_path, *made_up, "--only", "loader")
    assert list(Stored.read(path).outcomes) == ["tf32", "loader"]
    first.versions["torch"] = "1.0"
    first.write(path)
    assert "was measured under other conditions" in pitfalls(tmp_path, *made_up, "--only", "loader", code=2)
    assert kept(tmp_path, "made-up-400-images.md").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--publish", "--synthetic", "400"), "--publish takes no made-up data"),
        (("--page-only",), "holds no measured pitfalls"),
        (("--only", "nonsense"), "invalid choice: 'nonsense'"),
        (("--threads", "0"), "--threads 0 is not between 1 and"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(tmp_path: Path, more: tuple[str, ...], words: str) -> None:
    assert words in pitfalls(tmp_path, *more, code=2)
    assert not list(tmp_path.iterdir())


def test_every_mistake_can_be_asked_for() -> None:
    assert all(mistake.key.isidentifier() for mistake in MISTAKES)
