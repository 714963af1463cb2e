"""The conformance kit, ``pytest --pyargs bench.parity``, from outside: results of rungs, and every bad input."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bench.base.suite import named
from bench.parity import test_conformance as kit
from bench.parity.known_deviations import Entry, KnownDeviations
from bench.parity.rung_by_rung import Ladder
from bench.parity.rungs import RUNGS
from bench.parity.verdict import REPORTED, Measured, Rung
from command import Run
from command_output import said

KIT = ("pytest", "--pyargs", "bench.parity", "-p", "no:cacheprovider", "--synthetic", "400")


@pytest.mark.slow
def test_the_kit_fails_at_the_rung_and_skips_what_is_above(run: Run) -> None:
    done = run(*KIT, "--backend", "defects:SumsTheLoss", "-v")
    assert done.returncode == 1, done.stdout + done.stderr
    about = f"{named()}: defects:SumsTheLoss, cpu, fp32, seed 0"
    assert about in done.stdout
    assert f"1 failed, 4 passed, {len(RUNGS) - 5} skipped" in done.stdout
    assert "Looks like: the loss is summed over the batch and not averaged." in done.stdout
    assert "\n  loss: loss (first batch)\n" in done.stdout
    assert re.search(r"\n  # and \d+ more: lenet-bench check --json FILE writes all of them\n", done.stdout)
    assert "Traceback" not in done.stdout


@pytest.mark.slow
def test_known_deviations_are_expected_and_stale_ones_reported(run: Run, tmp_path: Path) -> None:
    known = tmp_path / "xfails.txt"
    known.write_text("# ours\ngradients: gradient of conv* (tied maxima)   # ties\n\nforward\n")
    done = run(*KIT, "--backend", "defects:SplitsTies", "--xfails-file", str(known))
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(RUNGS) - 1} passed, 1 xfailed" in done.stdout
    assert "forward: this agrees now; remove the entry" in done.stdout
    assert "gradients: gradient of conv* (tied maxima): this agrees" not in done.stdout


@pytest.mark.slow
def test_what_is_not_listed_still_fails(run: Run, tmp_path: Path) -> None:
    known = tmp_path / "xfails.txt"
    known.write_text("gradients: gradient of conv1* (tied maxima)\n")
    done = run(*KIT, "--backend", "defects:SplitsTies", "--xfails-file", str(known))
    assert done.returncode == 1
    assert "gradient of conv2.weight (tied maxima)" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        ((), 4, "Name what to check with --backend package.module:Class"),
        (("--backend", "pytroch"), 4, "did you mean pytorch"),
        (("--backend", "fakes:NotABackend"), 2, "fakes:NotABackend is not a subclass"),
        (("--backend", "fakes:Sound", "--xfails-file", "nowhere.txt"), 4, "The xfails file nowhere.txt cannot be read"),
        (("--backend", "fakes:DiesInAMethod"), 1, "was killed by SIGABRT during export_params"),
    ],
)
def test_what_the_kit_cannot_use(run: Run, options: tuple[str, ...], code: int, sentence: str) -> None:
    done = run(*KIT, *options)
    assert done.returncode == code, done.stdout + done.stderr
    assert sentence in said(done)
    assert "Traceback" not in done.stdout + done.stderr


def test_an_unknown_rung_in_the_xfails_file_is_named(run: Run, tmp_path: Path) -> None:
    known = tmp_path / "xfails.txt"
    known.write_text("loss\ngradient: x\n")
    done = run(*KIT, "--backend", "fakes:Sound", "--xfails-file", str(known))
    assert done.returncode == 4
    assert "line 2: there is no rung 'gradient'; did you mean gradients?" in said(done)


def test_other_projects_see_nothing_of_the_plugin(run: Run, tmp_path: Path) -> None:
    """Its options have common names; a project with a --backend of its own must not be disturbed."""
    (tmp_path / "conftest.py").write_text("def pytest_addoption(parser): parser.addoption('--backend')\n")
    (tmp_path / "test_x.py").write_text("def test_x(pytestconfig): assert pytestconfig.getoption('--backend') == 'b'\n")
    done = run("pytest", str(tmp_path), "--backend", "b", "-p", "no:cacheprovider", "--rootdir", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("known", [KnownDeviations(), KnownDeviations([Entry("data", "*")])])
def test_a_rung_that_compared_nothing_fails_whatever_is_known(known: KnownDeviations) -> None:
    ladder = Ladder(lambda name: Rung.of(name, []))
    with pytest.raises(pytest.fail.Exception, match="nothing was compared"):
        kit.test_rung("data", ladder, known)
    assert ladder.broken == "data"


@pytest.mark.parametrize("only", ["", "tied maxima"])
def test_a_failure_that_hardly_matters_does_not_keep_others_from_being_seen(only: str) -> None:
    failed = [
        Measured(2.0, 1.0, "a", {"case": "first batch"}),
        Measured(3.0, 1.0, "b", {"case": only or "short batch"}),
    ]
    ladder = Ladder(lambda name: Rung.of(name, failed))
    start = f"^only on {only}: b" if only else "^b"
    with pytest.raises(pytest.fail.Exception, match=rf"{start} is off by 3.*\n.*xfails-file:\n  gradients: b$"):
        kit.test_rung("gradients", ladder, KnownDeviations([Entry("gradients", "a")]))
    assert ladder.broken == ("" if only else "gradients")


def test_what_is_only_reported_is_not_called_stale() -> None:
    ladder = Ladder(lambda name: replace(Rung.of(name, [Measured(1.0, 0.0, "bits")]), status=REPORTED))
    known = KnownDeviations([Entry("determinism", "bits")])
    kit.test_rung("determinism", ladder, known)
    assert known.stale({"determinism"}) == []
