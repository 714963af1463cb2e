"""`--summary`: added to the end of a file whatever comes of the command; refused before any work if it cannot be."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
import typer

from bench.base.signals import Interrupted
from bench.cli import summaries as module
from bench.cli.outputs import Outputs
from bench.cli.summaries import Summaries
from bench.parity.verdict import Report
from bench.report.summary.text import Summary, mark
from command import Run
from impls.errors import LenetError
from made_up_checks import found, rungs
from made_up_results import row, run_rows, store

SUMMARY = Summary("check", ["Fine."])
TEXT = f"{mark('check')}\nFine.\n"
MADE_UP = ("--synthetic", "400", "--device", "cpu")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, TEXT),
        ("", TEXT),
        ("# Somebody's\n", f"# Somebody's\n\n{TEXT}"),
        ("without an end", f"without an end\n\n{TEXT}"),
    ],
)
def test_it_goes_to_the_end_and_takes_nothing_away(tmp_path: Path, before: str | None, after: str) -> None:
    path = tmp_path / "new" / "summary.md" if before is None else tmp_path / "summary.md"
    if before is not None:
        path.write_text(before)
    asked = Summaries("check", [path])
    asked.add(SUMMARY)
    assert path.read_text() == after
    asked.add(SUMMARY)
    assert path.read_text() == f"{after}\n{TEXT}"


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "file.md").write_text("a\n")
    (tmp_path / "link.md").symlink_to(tmp_path / "file.md")
    Summaries("check", [tmp_path / "link.md"]).add(SUMMARY)
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "file.md").read_text() == f"a\n\n{TEXT}"


def test_what_cannot_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    for place in (tmp_path, Path("/proc/nowhere/out.md")):
        with pytest.raises(LenetError, match=r"cannot be written \(.*\); give --summary another place"):
            Summaries("check", [place])
    with pytest.raises(LenetError, match="--summary names the same file twice"):
        Summaries("check", [tmp_path / "a.md", tmp_path / "x" / ".." / "a.md"])


def test_it_is_no_other_outputs_file(tmp_path: Path) -> None:
    one = tmp_path / "out.md"
    with pytest.raises(LenetError, match=r"--summary and --report both name .*; give each a file of its own"):
        Outputs(reports=[one], summaries=Summaries("check", [one])).ensure_writable()


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full, fine = tmp_path / "full.md", tmp_path / "fine.md"
    full.write_text("before\n")
    asked, write = Summaries("check", [full, fine]), os.write

    def on_a_full_disk(handle: int, data: bytes) -> int:
        if os.path.sameopenfile(handle, watched) and len(data) < len(TEXT):
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(handle, data[:5]) if os.path.sameopenfile(handle, watched) else write(handle, data)

    watched = os.open(full, os.O_RDONLY)
    monkeypatch.setattr(module.os, "write", on_a_full_disk)
    with pytest.raises(LenetError, match=r"full\.md cannot be written \(No space left on device\)"):
        asked.add(SUMMARY)
    os.close(watched)
    assert full.read_text() == "before\n"
    assert fine.read_text() == TEXT


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (LenetError("It is not there."), "ended early: It is not there."),
        (Interrupted(2), "ended early: it was interrupted."),
        (ValueError("a bug"), "ended early: ValueError: a bug."),
    ],
)
def test_a_failure_is_told_once(tmp_path: Path, error: BaseException, reason: str) -> None:
    path = tmp_path / "summary.md"
    asked = Summaries("compare", [path])
    with pytest.raises(type(error)), asked.telling_failures("flax"):
        raise error
    assert path.read_text() == (
        f"{mark('compare')}\n**Failed, so there is no verdict.** `lenet-bench compare` of `flax` {reason}\n"
    )
    with pytest.raises(type(error)), asked.telling_failures("flax"):
        raise error
    assert path.read_text().count("Failed") == 1


def test_a_command_that_came_to_its_end_has_not_failed(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    with pytest.raises(typer.Exit), Summaries("compare", [path]).telling_failures():
        raise typer.Exit(1)
    assert not path.exists()


def test_the_outputs_of_a_check_have_it(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    outputs = Outputs(summaries=Summaries("check", [path]))
    outputs.ensure_writable()
    outputs.write(found(), Report(rungs()))
    assert path.read_text().startswith(f"{mark('check')}\n**Equivalent.** `my.module:Mine:plain` is the same")


# --- from outside ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["check", "fakes:Sound", "--spec", "1"], "ended early: --spec 1 is not the specification at hand"),
        (["check", "no_such_backend"], "There is no backend 'no_such_backend'"),
        (["check", "fakes:Sound", "--threads", "9999"], "--threads 9999 is not between 1 and"),
        (["compare"], "Give two results files, or one of --against COMMIT"),
        (["compare", "a.json", "b.json"], "a.json cannot be read (No such file or directory)."),
        (["compare", "--against", "nowhere", "--backend", "reference"], "There is no commit 'nowhere' here"),
    ],
)
def test_a_command_that_fails_early_says_so_in_the_summary(
    run: Run, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    path = tmp_path / "summary.md"
    done = run("bench.cli", *arguments, "--summary", str(path))
    assert done.returncode == 2, done.stdout + done.stderr
    text = path.read_text()
    assert text.startswith(f"{mark(arguments[0])}\n**Failed, so there is no verdict.** `lenet-bench {arguments[0]}`")
    assert sentence in text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "code", "verdict"),
    [
        ("fakes:Sound", 0, "**Equivalent.** `fakes:Sound:float32` is the same computation"),
        ("defects:SumsTheLoss", 1, "**Different.** `defects:SumsTheLoss:float32` is not the same computation"),
        ("no_such_module:Mine", 2, "**Not checked, so there is no verdict.** `no_such_module:Mine` could not be"),
    ],
)
def test_a_check_has_a_summary_whatever_its_verdict(
    run: Run, tmp_path: Path, name: str, code: int, verdict: str
) -> None:
    one, other = tmp_path / "job.md", tmp_path / "comment.md"
    done = run("bench.cli", "check", name, *MADE_UP, "--summary", str(one), "--summary", str(other))
    assert done.returncode == code, done.stdout + done.stderr
    assert one.read_text() == other.read_text()
    assert one.read_text().startswith(f"{mark('check')}\n{verdict}")


@pytest.mark.parametrize(
    ("fail_over", "code", "verdict"),
    [
        ([], 0, "**No verdict: nothing could be judged.**"),
        (["--fail-over", "10"], 2, "**No verdict: nothing could be judged.**"),
    ],
)
def test_two_files_that_cannot_be_judged(
    run: Run, tmp_path: Path, fail_over: list[str], code: int, verdict: str
) -> None:
    path, summary = store(tmp_path / "a.json", row("epoch")), tmp_path / "summary.md"
    done = run("bench.cli", "compare", str(path), str(path), *fail_over, "--summary", str(summary))
    assert done.returncode == code, done.stdout + done.stderr
    text = summary.read_text()
    assert text.startswith(f"{mark('compare')}\n{verdict}")
    assert text.count(mark("compare")) == 1
    assert ("The limit of 10 % has nothing to go by" in text) == bool(fail_over)


@pytest.mark.slow
def test_two_files_of_which_one_is_slower(run: Run, tmp_path: Path) -> None:
    (tmp_path / "abacus").mkdir()
    old = store(tmp_path / "abacus" / "old.json", *run_rows(1, blocks=8))
    new = store(tmp_path / "abacus" / "new.json", *run_rows(2, blocks=8, epoch=1.3))
    folder = tmp_path / "repeats" / "abacus"
    folder.mkdir(parents=True)
    for number in range(10):
        store(folder / f"{number}.json", *run_rows(100 + number))
    summary = tmp_path / "summary.md"
    done = run("bench.cli", "compare", str(old), str(new), "--fail-over", "5", "--summary", str(summary))
    assert done.returncode == 1, done.stderr
    assert "**Slower by more than 5 %:** pytorch:eager epoch +" in summary.read_text()
    assert str(tmp_path) not in summary.read_text()
