"""The command `lenet-bench compare`: its exit codes, and a sentence for wrong input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command import Run
from made_up_results import content, row, run_rows, store


@pytest.mark.slow
def test_the_exit_code_is_1_for_what_is_slower_by_more_than_asked_for(run: Run, tmp_path: Path) -> None:
    old = store(tmp_path / "old.json", *run_rows(1, blocks=8))
    new = store(tmp_path / "new.json", *run_rows(2, blocks=8, epoch=1.2))
    for options, code in (([], 0), (["--fail-over", "10"], 1), (["--fail-over", "50"], 0)):
        done = run("bench.cli", "compare", str(old), str(new), *options)
        assert done.returncode == code, done.stderr
        assert "slower" in done.stdout
    faster = run("bench.cli", "compare", str(new), str(old), "--fail-over", "0")
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
