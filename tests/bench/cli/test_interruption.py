"""A signal ends every command that measures: at once, with a sentence, and with nothing left running."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from under_way import started

pytestmark = pytest.mark.slow

SMALL = ("--synthetic", "400", "--device", "cpu")
CHECK = ("bench.cli", "check", "fakes:HangsInAMethod", *SMALL)
TRAINING = {
    "check": ("bench.cli", "check", "fakes:WaitsForAFile", *SMALL, "--seeds", "1", "--epochs", "3"),
    "accuracy": (
        *("bench.cli", "accuracy", "--baseline", "fakes:WaitsForAFile", "--backend", "fakes:Sound"),
        *(*SMALL, "--seeds", "1", "--epochs", "3"),
    ),
}
KIT = ("pytest", "--pyargs", "bench.parity", "-p", "no:cacheprovider", "--backend", "fakes:HangsInAMethod", *SMALL)
HANGS = "farthest off"
"""What the terminal shows before the first rung; `HangsInAMethod` hangs in the fifth, or in one before."""


@pytest.mark.parametrize(
    ("number", "ignoring"),
    [
        (signal.SIGINT, ()),
        (signal.SIGINT, ("INT",)),
        (signal.SIGTERM, ("INT",)),
        (signal.SIGHUP, ()),
        (signal.SIGTERM, ("INT", "HUP")),
    ],
)
def test_check_ends_and_writes_what_it_found(tmp_path: Path, number: signal.Signals, ignoring: tuple[str, ...]) -> None:
    path = tmp_path / "found.json"
    page, badge = tmp_path / "page.html", tmp_path / "badge.json"
    outputs = ("--json", str(path), "--report", str(page), "--badge", str(badge))
    with started(*CHECK, *outputs, ignoring=ignoring) as run:
        run.wait_for(lambda: HANGS in run.said())
        if "HUP" in ignoring:
            run.process.send_signal(signal.SIGHUP)  # the terminal is gone, and the run goes on
        output = run.end(number)
    assert run.returncode == 128 + number, output
    assert output.splitlines()[-1] == f"Ended by {number.name}; everything stored before is kept."
    assert "Traceback" not in output
    found = json.loads(path.read_text())
    assert (found["verdict"], found["error"]) == ("not checked", "it was interrupted")
    assert "<strong>Not checked.</strong> There is no verdict: it was interrupted." in page.read_text()
    assert json.loads(badge.read_text())["message"] == "not checked"


@pytest.mark.parametrize("command", TRAINING)
def test_training_runs_end(tmp_path: Path, command: str) -> None:
    options = ("--results", str(tmp_path / "r"))
    with started(*TRAINING[command], *options, ignoring=("INT",), LENET_TEST_GO=str(tmp_path / "never")) as run:
        run.wait_for(lambda: run.has_child("sh"))
        output = run.end(signal.SIGINT)
    assert run.returncode == 130, output
    assert output.splitlines()[-1] == "Ended by SIGINT; everything stored before is kept."
    assert "Traceback" not in output


def test_the_conformance_kit_ends() -> None:
    with started(*KIT, "-v", ignoring=("INT",)) as run:
        run.wait_for(lambda: "test_rung" in run.said())
        output = run.end(signal.SIGINT)
    assert run.returncode == 130, output
    assert "Ended by SIGINT; everything stored before is kept." in output


def test_a_visit_ends_and_lets_its_step_write_what_it_has(tmp_path: Path) -> None:
    options = ("--backend", "fakes:HangsInAMethod", "--precision", "fp32", "--machine", "m", "--results", str(tmp_path))
    log = tmp_path / "m" / "visit-made-up" / "check-fp32-fakes-HangsInAMethod.log"
    with started("bench.cli", "gpu", *SMALL, *options, ignoring=("INT",)) as run:
        run.wait_for(lambda: log.exists() and HANGS in log.read_text())
        output = run.end(signal.SIGINT)
    assert run.returncode == 130, output
    assert json.loads(log.with_suffix(".json").read_text())["error"] == "it was interrupted"
    assert json.loads((log.parent / "state.json").read_text())["steps"][log.stem]["status"] == "interrupted"
