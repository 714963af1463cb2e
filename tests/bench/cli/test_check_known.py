"""``lenet-bench check --xfails-file``: it goes on past what is listed, and fails only on what is new."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bench.base.settings import Settings
from bench.cli.check import Check, choose
from bench.parity.known_deviations import Entry, KnownDeviations
from bench.parity.rungs import RUNGS
from bench.parity.verdict import INCONCLUSIVE, Measured, Rung
from bench.report.terminal.ladder import LadderView
from command import Run
from command_output import said
from made_up_checks import rungs

CHECK = ("bench.cli", "check")
MADE_UP = ("--synthetic", "400", "--device", "cpu")
FAILED = Rung.of("gradients", [Measured(2.0, 1.0, f"gradient {k}", {"case": "first batch"}) for k in range(7)])


def check(settings: Settings, *entries: Entry) -> Check:
    known = KnownDeviations(list(entries), path="x.txt" if entries else "")
    view = LadderView(Console(quiet=True), verbose=False, known=known)
    return Check(choose("fakes:Sound", None), settings, view, past_failures=False)


def passed_but_for(*failed: Rung) -> list[Rung]:
    return [next((each for each in failed if each.name == rung.name), rung) for rung in rungs()]


@pytest.mark.parametrize(
    ("entries", "code", "known", "new"),
    [
        ([], 1, None, 7),
        ([Entry("gradients", "gradient 3")], 1, False, 6),
        ([Entry("gradients", "*")], 0, True, 0),
    ],
)
def test_what_is_listed_changes_the_exit_code_and_not_the_verdict(
    settings: Settings, entries: list[Entry], code: int, known: bool | None, new: int
) -> None:
    checked = check(settings, *entries)
    checked.rungs, checked.error = passed_but_for(FAILED), ""
    found = checked.as_dict()
    assert (found["verdict"], found["first_failed_rung"], checked.exit_code) == ("different", "gradients", code)
    failing = {rung["name"]: rung["failing"] for rung in found["rungs"]}
    assert failing.pop("gradients") == [f"gradients: gradient {k}" for k in range(7)]
    assert not any(failing.values())
    about = found["known_deviations"]
    assert about is None if known is None else (about["all_known"], len(about["new"])) == (known, new)
    assert ("--xfails-file x.txt" in found["command"]) is bool(entries)


def test_what_is_not_decided_is_no_success(settings: Settings) -> None:
    checked = check(settings, Entry("gradients", "*"))
    checked.rungs = [*passed_but_for(FAILED), Rung("accuracy", INCONCLUSIVE, 0.02, 0.01, "final accuracy")]
    assert checked.exit_code == 3


@pytest.mark.slow
def test_a_check_goes_on_past_what_is_listed(run: Run, tmp_path: Path) -> None:
    """The lines that a check names are what its file takes: those on the terminal, and all of them in the JSON."""
    xfails, out = tmp_path / "xfails.txt", tmp_path / "out.json"
    done = run(*CHECK, "defects:SumsTheLoss", *MADE_UP, "--all", "--json", str(out))
    assert done.returncode == 1
    lines = [line for rung in json.loads(out.read_text())["rungs"] for line in rung["failing"]]
    failed = sorted({line.split(":")[0] for line in lines})
    shown = [
        line.strip() for line in done.stdout.splitlines() if line.startswith(tuple(f"  {name}: " for name in failed))
    ]
    assert shown
    assert set(shown) < set(lines), "more than are shown"
    xfails.write_text("\n".join([*lines, "forward   # once"]))
    outputs = ("--json", str(out), "--summary", str(tmp_path / "s.md"), "--report", str(tmp_path / "p.md"))
    done = run(*CHECK, "defects:SumsTheLoss", *MADE_UP, "--xfails-file", str(xfails), *outputs)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Different, and all of it is known: {len(lines)} comparisons on the rung" in said(done)
    assert "xfails.txt: forward: this agrees now; remove the entry" in said(done)
    found: dict[str, Any] = json.loads(out.read_text())
    assert found["verdict"] == "different"
    assert sorted(rung["name"] for rung in found["rungs"] if rung["status"] == "failed") == failed
    assert len([rung for rung in found["rungs"] if rung["status"] == "passed"]) == len(RUNGS) - len(failed)
    about = found["known_deviations"]
    assert (about["all_known"], about["new"], about["stale"]) == (True, [], ["forward"])
    for name in ("s.md", "p.md"):
        assert "All that differs was declared before: nothing is new." in (tmp_path / name).read_text()


@pytest.mark.slow
def test_a_rung_that_there_is_not_is_refused_before_anything_runs(run: Run, tmp_path: Path) -> None:
    (tmp_path / "xfails.txt").write_text("loss\ngradient: x\n")
    done = run(*CHECK, "fakes:Sound", *MADE_UP, "--xfails-file", str(tmp_path / "xfails.txt"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "xfails.txt, line 2: there is no rung 'gradient'; did you mean gradients?" in said(done)
    assert done.stderr.count("\n") == 1
