"""The command `lenet-bench compare`: its exit codes, and a sentence for wrong input."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.base.lock import machine_lock
from bench.results.two_builds import TwoBuilds
from command import ROOT, Run
from made_up_results import content, row, run_rows, store
from under_way import started


@pytest.mark.slow
def test_the_exit_code_is_1_where_a_whole_interval_is_over_the_limit(run: Run, tmp_path: Path) -> None:
    (tmp_path / "abacus").mkdir()
    old = store(tmp_path / "abacus" / "old.json", *run_rows(1, blocks=8))
    new = store(tmp_path / "abacus" / "new.json", *run_rows(2, blocks=8, epoch=1.2))
    unjudged = run("bench.cli", "compare", str(old), str(new), "--fail-over", "0")
    assert unjudged.returncode == 2
    assert "--fail-over has nothing to go by" in unjudged.stderr
    folder = tmp_path / "repeats" / "abacus"
    folder.mkdir(parents=True)
    for number in range(10):
        store(folder / f"{number}.json", *run_rows(100 + number))
    for options, code in (([], 0), (["--fail-over", "5"], 1), (["--fail-over", "19"], 0), (["--fail-over", "50"], 0)):
        done = run("bench.cli", "compare", str(old), str(new), *options)
        assert done.returncode == code, done.stderr + done.stdout
        assert "slower" in done.stdout
        assert ("reaches below 19 %" in done.stdout) == ("19" in options)  # its change alone is above
    faster = run("bench.cli", "compare", str(new), str(old), "--fail-over", "0", "--repeats", str(folder))
    assert faster.returncode == 0, faster.stderr
    assert "faster" in faster.stdout


def broken(tmp_path: Path, what: str) -> Path:
    path = tmp_path / f"{what}.json"
    text = json.dumps(content(row("epoch")))
    texts: dict[str, Any] = {
        "truncated": text[: len(text) // 2],
        "schema-99": text.replace('"schema": 2', '"schema": 99'),
        "other": json.dumps(content(row("epoch", threads=4))),
    }
    if what in texts:
        path.write_text(texts[what])
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "options", "sentence"),
    [
        ("truncated", [], "truncated.json is not a results file of this suite (it is not whole JSON: "),
        ("missing", [], "missing.json cannot be read (No such file or directory)."),
        ("schema-99", [], "schema-99.json has results of schema 99, this version reads 1 and 2."),
        ("other", [], "differ in threads (2 and 4); measure both under the same conditions."),
        ("good", ["--fail-over", "-5"], "--fail-over -5 is no percentage; give 0 or more."),
        ("good", ["--fail-over", "nan"], "--fail-over nan is no percentage; give 0 or more."),
    ],
)
def test_wrong_input_is_a_sentence(run: Run, tmp_path: Path, what: str, options: list[str], sentence: str) -> None:
    good = store(tmp_path / "good.json", row("epoch"))
    done = run("bench.cli", "compare", str(good), str(broken(tmp_path, what)), *options)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert not done.stdout


def test_a_limit_on_nothing_is_no_success(run: Run, tmp_path: Path) -> None:
    """A run of one block in CI would else pass for ever."""
    path = store(tmp_path / "a.json", row("epoch", blocks=[0, 0, 0, 0]))
    done = run("bench.cli", "compare", str(path), str(path), "--fail-over", "10")
    assert done.returncode == 2
    assert "old run: only 1 block" in done.stdout
    assert (
        done.stderr == "error: --fail-over has nothing to go by, for no figure could be judged; the table says why.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Give two results files, or one of --against COMMIT and --against-python PYTHON."),
        (["a.json"], "Give two results files, or one of"),
        (["a.json", "b.json", "--against", "HEAD"], "Give two results files, or one of"),
        (["--against", "HEAD", "--against-python", "python"], "Give two results files, or one of"),
        (["a.json", "b.json", "--blocks", "3"], "--backend, --blocks and --rounds are for --against"),
        (["--against", "nowhere", "--backend", "reference", "--device", "cpu"], "There is no commit 'nowhere' here"),
    ],
)
def test_what_is_to_be_compared_must_be_clear(run: Run, arguments: list[str], sentence: str) -> None:
    done = run("bench.cli", "compare", *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {sentence}")
    assert not done.stdout


SMALL = ("--backend", "fakes:Sound", "--device", "cpu", "--threads", "1", "--synthetic", "400", "--machine", "abacus")


@pytest.mark.slow
def test_a_commit_is_timed_beside_this_code_in_the_same_blocks(run: Run, tmp_path: Path) -> None:
    options = ("--against", "HEAD", "--blocks", "2", "--rounds", "1", "--results", str(tmp_path))
    done = run("bench.cli", "compare", *options, *SMALL, "--fail-over", "1000000")
    assert done.returncode == 0, done.stderr
    [path] = (tmp_path / "abacus" / "builds").glob("*.json")
    found = TwoBuilds.read(path)
    assert found.complete
    assert [block.first for block in found.blocks] == ["old", "new"]
    sides = (found.blocks[0].old, found.blocks[0].new)
    assert [len(side.courses["fakes:Sound"].epoch_seconds) for side in sides] == [1, 1]
    assert "commit " in done.stdout
    assert "Of 4 figures judged" in " ".join(done.stdout.split())
    assert "Nothing is slower by more than 1e+06 % with its whole interval." in done.stdout


@pytest.mark.slow
def test_another_environment_is_timed_beside_this_one(run: Run, tmp_path: Path) -> None:
    """Its interpreter here is this one, with a script in between that knows where a suite is."""
    python = tmp_path / "python"
    start = f'if [ $# = 3 ]; then echo {ROOT / "lenet_parity_start.py"}; else exec {sys.executable} "$@"; fi'
    python.write_text(f"#!/bin/sh\n{start}\n")
    python.chmod(0o755)
    options = ("--blocks", "2", "--rounds", "1", "--results", str(tmp_path))
    done = run("bench.cli", "compare", "--against-python", str(python), *options, *SMALL)
    assert done.returncode == 0, done.stderr
    assert f"the one of {python}" in done.stdout.replace("\n", "")
    assert "Both builds are of the same code." in done.stdout


@pytest.mark.slow
def test_an_interrupted_comparison_keeps_its_blocks_and_leaves_nothing_behind(tmp_path: Path) -> None:
    options = ("--against", "HEAD", "--blocks", "50", "--rounds", "1", "--results", str(tmp_path))
    files = tmp_path / "abacus" / "builds"
    with started("bench.cli", "compare", *options, *SMALL, TMPDIR=str(tmp_path)) as under_way:
        under_way.wait_for(lambda: any(files.glob("*.json")))
        said = under_way.end(signal.SIGINT)
    assert under_way.returncode == 130
    assert "Ended by SIGINT; everything stored before is kept." in said
    found = TwoBuilds.read(next(files.glob("*.json")))
    assert not found.complete
    assert found.blocks
    assert not list(tmp_path.glob("lenet-parity-builds-*"))


def test_another_measurement_is_not_disturbed(run: Run, tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with machine_lock(lock):
        done = run(
            "bench.cli", "compare", "--against", "HEAD", "--results", str(tmp_path), *SMALL, LENET_LOCK=str(lock)
        )
    assert done.returncode == 2
    assert "Another measurement is under way on this machine" in done.stderr
