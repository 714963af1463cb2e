"""``lenet-bench check`` and the pytest plugin, from outside: verdicts, exit codes, JSON, and every bad input."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from rich.console import Console

from bench.accuracy import Comparison, PairedAccuracy, Series
from bench.check import Check, choose
from bench.parity.rungs import RUNGS
from bench.parity.rungs import accuracy as accuracy_rung
from bench.parity.verdict import Report, Rung
from bench.report.ladder import LadderView
from bench.settings import Settings
from impls.errors import UnknownBackendError

CHECK = ("bench.cli", "check")
MADE_UP = ("--synthetic", "400", "--device", "cpu")


def said(done: subprocess.CompletedProcess[str]) -> str:
    """All it said, in one line."""
    return " ".join((done.stdout + done.stderr).split())


# --- verdicts -------------------------------------------------------------------------------------------------


def test_an_equivalent_backend(run: Run, tmp_path: Path) -> None:
    done = run(*CHECK, "fakes:Sound", *MADE_UP, "--verbose", "--json", str(tmp_path / "new" / "out.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Equivalent: all 10 rungs agree" in done.stdout
    assert "fakes:Sound:float32" in done.stdout  # and not an emoji called Sound
    for text in (*RUNGS, "gradient of conv1.weight (tied maxima)", "4 × the worst of 6 evaluations", "twins"):
        assert text in said(done), text
    found = json.loads((tmp_path / "new" / "out.json").read_text())
    assert (found["verdict"], found["first_failed_rung"], found["error"]) == ("equivalent", "", None)
    assert (found["backend"], found["variant"], found["precision"]) == ("fakes:Sound", "float32", "fp32")
    assert [rung["name"] for rung in found["rungs"]] == list(RUNGS)
    for rung in found["rungs"]:
        assert rung["status"] == "passed"
        assert 0 <= rung["measured"] <= rung["tolerance"]
        assert rung["comparisons"]
        assert rung["source"]


def test_an_interrupted_check_gives_no_verdict(tmp_path: Path) -> None:
    """Whatever rungs had passed by then."""
    choice = choose("fakes:Sound", None)
    settings = Settings.checked([choice], device="cpu", timeout=60, results=tmp_path, synthetic=400)
    check = Check(choice, settings, LadderView(Console(quiet=True), verbose=False), past_failures=False)
    check.rungs.append(Rung("contract", "passed", 0.0, 0.0))
    check.write(tmp_path / "out.json")
    found = json.loads((tmp_path / "out.json").read_text())
    assert (found["verdict"], found["error"]) == ("not checked", "it was interrupted")


def test_a_failure_further_up_does_not_undo_the_verdict(run: Run) -> None:
    done = run(*CHECK, "fakes:SumsTheLossAndDies", *MADE_UP, "--all")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Different, first on the rung 'loss'" in done.stdout
    assert re.search(r"prediction +skipped +fakes:SumsTheLossAndDies was killed by SIGABRT during predict", said(done))


@pytest.fixture(scope="module")
def different(run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Any]:
    path = tmp_path_factory.mktemp("check") / "out.json"
    done = run(*CHECK, "defects:SplitsTies", *MADE_UP, "--all", "--json", str(path))
    return done, json.loads(path.read_text())


def test_a_different_backend_is_told_where_by_how_much_and_why(
    different: tuple[subprocess.CompletedProcess[str], Any],
) -> None:
    done, found = different
    assert done.returncode == 1
    pattern = (
        r"Different, first on the rung 'gradients': gradient of conv2.weight \(tied maxima\) at \[\d+, \d, \d, \d\] "
        r"is off by \S+, and \S+ is allowed \(\S+ where the oracle has \S+\); \d+ more of the rung's 120 comparisons "
        r"fails? Looks like: tied maxima share their gradient\."
    )
    assert re.search(pattern, said(done)), done.stdout
    assert (found["verdict"], found["first_failed_rung"]) == ("different", "gradients")
    gradients = found["rungs"][list(RUNGS).index("gradients")]
    assert gradients["measured"] > gradients["tolerance"] > 0
    assert gradients["place"]["parameter"] == "conv2.weight"
    assert gradients["place"]["case"] == "tied maxima"
    assert len(gradients["place"]["index"]) == 4
    assert gradients["causes"] == ["tied maxima share their gradient"]


def test_all_goes_on_after_a_failure(different: tuple[subprocess.CompletedProcess[str], Any]) -> None:
    assert {rung["status"] for rung in different[1]["rungs"]} == {"passed", "failed"}


def test_one_seed_is_inconclusive_and_its_runs_are_kept(run: Run, tmp_path: Path) -> None:
    options = ("--seeds", "1", "--epochs", "1", "--results", str(tmp_path))
    done = run(*CHECK, "fakes:Sound", *MADE_UP, *options)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "Not decided: The mean difference is" in done.stdout
    assert "inconclusive at ±1.0 points" in said(done)
    assert len(list(tmp_path.glob("*/runs/**/seed-0.json"))) == 3


def test_a_check_that_failed_below_trains_nothing(run: Run, tmp_path: Path) -> None:
    done = run(*CHECK, "defects:SumsTheLoss", *MADE_UP, "--seeds", "1", "--results", str(tmp_path))
    assert done.returncode == 1
    assert re.search("accuracy +skipped", done.stdout)
    assert not list(tmp_path.iterdir())


def paired(*differences: float) -> PairedAccuracy:
    found = PairedAccuracy(Series("pytorch:eager", {}), Series("pytorch:eager twin", {}), [Series("mine:a", {})])
    found.__dict__["comparisons"] = [Comparison("mine:a", dict(enumerate(differences)))]
    found.__dict__["control"] = Comparison("pytorch:eager twin", {0: 0.001, 1: -0.001})
    return found


@pytest.mark.parametrize(
    ("differences", "status", "verdict"),
    [
        ((0.001, -0.001, 0.002, 0.0), "passed", "equivalent"),
        ((0.03, 0.031, 0.029, 0.03), "failed", "different"),
        ((0.01, -0.02, 0.03, 0.0), "inconclusive", "inconclusive"),
    ],
)
def test_the_accuracy_rung_follows_the_test_of_equivalence(
    differences: tuple[float, ...], status: str, verdict: str
) -> None:
    rung = accuracy_rung.rung(paired(*differences), "mine:a", 1.0)
    assert rung.status == status
    assert rung.measured is not None
    assert rung.tolerance == 0.01
    assert (rung.measured < rung.tolerance) == (status == "passed")
    assert Report([Rung("loss", "passed"), rung]).verdict == verdict


def test_the_baselines_own_accuracy_is_held_against_its_twin() -> None:
    assert "twin" in accuracy_rung.rung(paired(0.5, 0.5), "pytorch:eager", 1.0).where


# --- bad input: one sentence, exit code 2, no traceback -------------------------------------------------------

BAD: dict[str, str] = {
    "pytroch": "There is no backend 'pytroch'; did you mean pytorch",
    "flax:pmap": "flax has no variant 'pmap'; it has jit, scan, tuned.",
    "nosuch.module:Thing": "nosuch.module does not import (ModuleNotFoundError: No module named 'nosuch'); is its",
    "tests/fakes.py:Sound": "'tests/fakes.py:Sound' names a file; give its module as Python imports it",
    "fakes:Soud": "The module fakes has no Soud; did you mean Sound?",
    "exits_on_import:Thing": "exits_on_import:Thing ended with exit code 7 during the import of exits_on_import",
    "fakes:NotABackend": "fakes:NotABackend is not a subclass of impls.contract.Backend",
    "fakes:LacksMethods": "fakes:LacksMethods lacks export_params, load_params, log_probs",
    "fakes:CannotBeMade": "__init__ raised RuntimeError: no chip found",
    "fakes:TakesNoArguments": "__init__ raised TypeError",
    "fakes:RaisesInALayer": "On the rung 'contract', log_probs raised ValueError: shapes (3,) and (4,) do not fit",
    "fakes:HangsInAMethod": "did not finish loss_and_grads within 6 s and was stopped; allow more with --timeout",
    "fakes:DiesInAMethod": "was killed by SIGABRT during export_params",
    "fakes:ReturnsFloat64": "log_probs' result is float64(100, 10) where float32(100, 10) in NumPy was agreed",
    "fakes:ReturnsNaN": "log_probs holds NaN or infinity",
    "fakes:TrainsToNaN": "train_epoch returned a loss of nan at step 3",
}


@pytest.mark.parametrize("name", BAD)
def test_a_backend_that_cannot_be_checked(run: Run, name: str, tmp_path: Path) -> None:
    done = run(*CHECK, name, *MADE_UP, "--timeout", "6", "--json", str(tmp_path / "out.json"))
    assert done.returncode == 2, done.stdout + done.stderr
    assert BAD[name] in said(done)
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1, "more than one line"
    assert "Traceback" not in done.stdout + done.stderr
    assert "quivalent" not in done.stdout
    if (tmp_path / "out.json").exists():  # not where the name itself is wrong
        found = json.loads((tmp_path / "out.json").read_text())
        assert found["verdict"] == "not checked"
        assert found["error"] in said(done)


def test_a_module_that_does_not_parse(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken_module.py").write_text("class Thing(\n")
    done = run(*CHECK, "broken_module:Thing", *MADE_UP, PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert "The module broken_module does not import (SyntaxError" in said(done)
    assert "PYTHONPATH" not in said(done)


def test_the_traceback_is_there_if_asked_for(run: Run) -> None:
    done = run(*CHECK, "fakes:RaisesInALayer", *MADE_UP, "--traceback")
    assert done.returncode == 2
    assert "Traceback" in done.stdout
    assert "in log_probs" in done.stdout


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--precision", "int8"), "does not offer int8; it offers fp32, tf32, bf16"),
        (("--recipe", "lecure"), "There is no recipe 'lecure'; choose lecture"),
        (("--timeout", "0"), "--timeout takes a positive number of seconds"),
        (("--seed", "-1"), "--seed -1 is negative"),
        (("--threads", "1000"), "--threads 1000 is not between 1 and"),
        (("--json", "/proc/nowhere/out.json"), "/proc/nowhere/out.json cannot be written"),
        (("--variant", "float16"), "fakes:Sound has no variant 'float16'; it has float32, float64"),
    ],
)
def test_wrong_options_are_a_sentence(run: Run, options: tuple[str, ...], sentence: str) -> None:
    done = run(*CHECK, "fakes:Sound", *MADE_UP, *options)
    assert done.returncode == 2, done.stdout
    assert sentence in said(done)
    assert "Traceback" not in done.stdout + done.stderr


def test_one_variant_is_chosen() -> None:
    assert choose("flax", None).label == "flax:jit"
    assert choose("flax", "scan").label == choose("flax:scan", None).label == choose("flax:scan", "scan").label
    assert choose("fakes:Sound", "float64").label == "fakes:Sound:float64"
    with pytest.raises(UnknownBackendError, match="flax:scan names one variant and --variant jit another"):
        choose("flax:scan", "jit")


# --- the pytest plugin ----------------------------------------------------------------------------------------

KIT = ("pytest", "--pyargs", "bench.parity", "-p", "no:cacheprovider", "--synthetic", "400")


def test_the_kit_fails_at_the_rung_and_skips_what_is_above(run: Run) -> None:
    done = run(*KIT, "--backend", "defects:SumsTheLoss", "-v")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "lenet-parity: defects:SumsTheLoss, cpu, fp32, seed 0" in done.stdout
    assert "1 failed, 4 passed, 5 skipped" in done.stdout
    assert "Looks like: the loss is summed over the batch and not averaged." in done.stdout
    assert "Traceback" not in done.stdout


def test_known_deviations_are_expected_and_stale_ones_reported(run: Run, tmp_path: Path) -> None:
    known = tmp_path / "xfails.txt"
    known.write_text("# ours\ngradients: gradient of conv* (tied maxima)   # ties\n\nforward\n")
    done = run(*KIT, "--backend", "defects:SplitsTies", "--xfails-file", str(known))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "9 passed, 1 xfailed" in done.stdout
    assert "forward: this agrees now; remove the entry" in done.stdout
    assert "gradients: gradient of conv* (tied maxima): this agrees" not in done.stdout


def test_what_is_not_listed_still_fails(run: Run, tmp_path: Path) -> None:
    known = tmp_path / "xfails.txt"
    known.write_text("gradients: gradient of conv1* (tied maxima)\n")
    done = run(*KIT, "--backend", "defects:SplitsTies", "--xfails-file", str(known))
    assert done.returncode == 1
    assert "gradient of conv2.weight (tied maxima)" in done.stdout


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
