"""A check can be followed: a line as each rung ends, in a file too, and nothing of it is lost by an error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench.base.settings import Settings
from bench.cli.app import app
from bench.cli.outputs import Outputs
from command import ROOT, Run, with_fakes
from command_output import said
from impls.errors import LenetError

CHECK = ("bench.cli", "check")
MADE_UP = ("--synthetic", "400", "--device", "cpu")
SAID = "the file has contract, round trip, data, forward, loss"


@pytest.mark.slow
def test_a_log_has_the_line_of_a_rung_before_the_next_begins(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "new" / "check.log"
    done = run(*CHECK, "fakes:SaysWhatTheLogHas", *MADE_UP, "--log", str(log), LENET_TEST_LOG=str(log))
    assert done.returncode == 2
    assert SAID in done.stderr, said(done)
    lines = log.read_text().splitlines()
    assert lines[0].endswith(" lenet-bench check fakes:SaysWhatTheLogHas")
    assert lines[-2] == "The check broke off. Passed before that: contract, round trip, data, forward, loss."
    assert lines[-1] == done.stderr.rstrip()
    assert "\n".join(lines[1:-1]) == done.stdout.rstrip()


@pytest.mark.slow
def test_so_has_what_is_not_a_terminal(tmp_path: Path) -> None:
    """Where the output goes to a file or to a pipe."""
    out = tmp_path / "out.txt"
    command = [sys.executable, "-m", *CHECK, "fakes:SaysWhatTheLogHas", *MADE_UP]
    with out.open("w") as file:
        env = with_fakes(LENET_TEST_LOG=str(out))
        done = subprocess.run(command, cwd=ROOT, env=env, stdout=file, stderr=subprocess.STDOUT, timeout=300)
    assert done.returncode == 2
    passed, _, error = out.read_text().partition("\nThe check broke off. Passed before that: ")
    assert "✓ loss " in passed
    assert error.startswith("contract, round trip, data, forward, loss.\nerror: ")
    assert SAID in error


def test_a_log_that_cannot_be_written_is_refused_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(Settings, "checked", lambda *args, **options: pytest.fail("went on"))
    for path in (tmp_path, tmp_path / "file" / "check.log"):
        done = CliRunner().invoke(app, ["check", "fakes:Sound", "--log", str(path)])
        assert isinstance(done.exception, LenetError)
        assert "cannot be written" in str(done.exception)
        assert "give --log another place" in str(done.exception)


def test_a_log_is_a_file_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(LenetError, match=r"--log and --json both name .*; give each a file of its own"):
        Outputs(json=tmp_path / "a", log=tmp_path / "a").ensure_writable()
