"""The command `lenet-bench validate`: a sentence for each finding, and its exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.results import schema
from bench.results.validation.folder import validate
from bench.results.validation.personal import Names
from command import Run
from impls.errors import LenetError
from machine_folder import NOBODY, TIMED, put, results, write


def test_a_sound_folder(run: Run, tmp_path: Path) -> None:
    done = run("bench.cli", "validate", str(write(tmp_path)))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == f"{tmp_path / 'abacus'} is whole and lawful: 1 results file and 1 training run.\n"


def test_findings_are_sentences_with_file_and_key(run: Run, tmp_path: Path) -> None:
    machine = write(tmp_path)
    content = results()
    content["run"]["complete"] = False
    content["machine_info"]["[red]x"] = "\x1b[31m /home/alice/x"
    put(machine, TIMED, content)
    done = run("bench.cli", "validate", str(machine))
    assert done.returncode == 1, done.stdout + done.stderr
    complete, personal, conclusion = sorted(done.stdout.splitlines()[:2]) + done.stdout.splitlines()[2:]
    assert {complete.split(": ")[0], personal.split(": ")[0]} == {
        f"{TIMED}, $.run.complete",
        f"{TIMED}, $.machine_info.[red]x",
    }
    assert conclusion == f"{machine}: 2 findings in 1 results file and 1 training run."
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("nowhere", "error: There is no folder "), (".", "is no machine's folder; give one of those in it (")],
)
def test_what_cannot_be_read_is_a_sentence(run: Run, tmp_path: Path, name: str, sentence: str) -> None:
    write(tmp_path)
    done = run("bench.cli", "validate", str(tmp_path / name))
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_jsonschema_nothing_is_called_lawful(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "_validator", lambda **options: None)
    with pytest.raises(LenetError, match="jsonschema, which is not installed; `pip install jsonschema`"):
        validate(write(tmp_path), NOBODY)


@pytest.mark.slow
def test_what_the_harness_writes_is_lawful(run: Run, tmp_path: Path) -> None:
    """But for the commit, for whoever runs these tests may be about to change the code."""
    options = ("--against", "reference:float32", "--quick", "--synthetic", "400", "--device", "cpu", "--threads", "1")
    done = run("bench.cli", "time", "fakes:Sound", *options, "--results", str(tmp_path), "--machine", "abacus")
    assert done.returncode == 0, done.stdout + done.stderr
    found = validate(tmp_path / "abacus", Names.here())
    assert found.results == 1
    assert [str(each) for each in found.findings if each.key != "$.commit_info"] == []
