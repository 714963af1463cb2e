"""`lenet-bench gpu` continues after `kill -9`, and its archives give the same tables elsewhere."""

from __future__ import annotations

import json
import re
import signal
import time
from pathlib import Path

import pytest

from command import Run
from under_way import started

OPTIONS = ("--device", "cpu", "--threads", "1", "--machine", "abacus", "--blocks", "2", "--precision", "fp32")
VISIT = ("bench.cli", "gpu", *OPTIONS, "--synthetic", "400", "--backend", "pytorch:eager", "--backend", "fakes:Sound")


def state(results: Path) -> dict[str, str]:
    """The status of every step that was begun."""
    path = results / "abacus" / "visit-made-up" / "state.json"
    steps = json.loads(path.read_text())["steps"] if path.exists() else {}
    return {name: step["status"] for name, step in steps.items()}


def rows(results: Path) -> list[tuple[str, str, str]]:
    """What the tables are made of: each row's variant, kind and verdict."""
    [path] = (results / "abacus").glob("2*.json")
    infos = [benchmark["extra_info"] for benchmark in json.loads(path.read_text())["benchmarks"]]
    return sorted((f"{info['backend']}:{info['variant']}", info["kind"], info["verdict"]) for info in infos)


def shape(results: Path) -> str:
    """The tables without their figures."""
    page = (results / "abacus" / "README.md").read_text()
    assert "| agreement" in page
    tables = "\n".join(line for line in page.splitlines() if line.startswith("| "))
    return re.sub(r"\d[\d.,e+–-]*|not distinguishable|\(|\)| +", "", tables)


def killed_when(results: Path, name: str, status: str) -> None:
    """Run a slice and kill -9 it once a step has a status."""
    with started(*VISIT, "--results", str(results)) as visit:
        visit.wait_for(lambda: state(results).get(name) == status, seconds=200)
        time.sleep(1.0)  # somewhere within the next thing that it does
        visit.end(signal.SIGKILL)
    assert visit.returncode == -signal.SIGKILL, "it was over before it could be killed"


@pytest.mark.thorough
@pytest.mark.slow
def test_killed_twice_continued_and_merged_elsewhere_it_makes_the_tables_of_one_that_was_not(
    run: Run, tmp_path: Path
) -> None:
    whole = run(*VISIT, "--results", str(tmp_path / "whole"))
    assert whole.returncode == 0, whole.stdout + whole.stderr
    assert "The visit is complete." in whole.stdout
    broken = tmp_path / "broken"
    killed_when(broken, "check-fp32-pytorch-eager", "interrupted")
    killed_when(broken, "times-fp32", "interrupted")
    assert state(broken)["check-fp32-pytorch-eager"] == "done"
    last = run(*VISIT, "--results", str(broken))
    assert last.returncode == 0, last.stdout + last.stderr
    assert set(state(broken).values()) == {"done"}
    archives = sorted((broken / "abacus" / "visit-made-up").glob("*.tar.gz"))
    assert archives
    assert max(archive.stat().st_size for archive in archives) < 16e6
    merged = run("bench.cli", "merge", *map(str, archives), "--results", str(tmp_path / "elsewhere"))
    assert merged.returncode == 0, merged.stdout + merged.stderr
    assert rows(tmp_path / "elsewhere") == rows(broken) == rows(tmp_path / "whole")
    assert shape(tmp_path / "elsewhere") == shape(broken) == shape(tmp_path / "whole")


@pytest.mark.slow
def test_a_slice_ends_in_time_with_an_archive_and_says_what_is_left(run: Run, tmp_path: Path) -> None:
    begun = time.monotonic()
    done = run(*VISIT, "--results", str(tmp_path), "--minutes", "0.4", "--archives", str(tmp_path / "out"))
    assert time.monotonic() - begun < 24 + 30
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d steps are left; run the same again to continue\.", done.stdout)
    [archive] = (tmp_path / "out").glob("*.tar.gz")
    assert "abacus-slice-1.tar.gz: " in done.stdout
    assert archive.stat().st_size < 16e6
    assert "400 made-up images are timed, and nothing is trained." in done.stdout


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--minutes", "0"), "--minutes 0 is not positive."),
        (("--backend", "pytroch"), "There is no backend 'pytroch'; did you mean pytorch"),
        (("--precision", "fp33"), "There is no precision 'fp33'; choose fp32, tf32, bf16."),
        (("--device", "tpu"), "pytorch:eager does not run on a device 'tpu'; it runs on cuda or"),
    ],
)
def test_wrong_options_are_a_sentence(run: Run, tmp_path: Path, options: tuple[str, ...], sentence: str) -> None:
    done = run(*VISIT, "--results", str(tmp_path), *options)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_visit_with_other_options_is_refused(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "abacus" / "visit-made-up"
    folder.mkdir(parents=True)
    (folder / "state.json").write_text('{"schema": 1, "options": {}, "steps": {}, "archived": {}, "slices": 0}')
    done = run(*VISIT, "--results", str(tmp_path))
    assert done.returncode == 2
    assert "was started with other options" in done.stderr


def test_merging_nothing_sensible_is_a_sentence(run: Run, tmp_path: Path) -> None:
    done = run("bench.cli", "merge", str(tmp_path / "nowhere.tar.gz"), "--results", str(tmp_path / "r"))
    assert done.returncode == 2
    assert "is neither a folder nor a complete archive (No such file or directory)" in " ".join(done.stderr.split())
