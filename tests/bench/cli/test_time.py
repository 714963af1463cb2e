"""`lenet-bench time` measures in anybody's repository, and says why where it cannot start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.worker.control import control
from benchmark_run import result
from command import ROOT, SUPPORT
from command_output import said

pytestmark = pytest.mark.slow

LENET_BENCH = ("-c", "import lenet_parity_start; lenet_parity_start.lenet_bench()")
OPTIONS = ("--synthetic", "400", "--device", "cpu", "--threads", "1", "--quick")


def time(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run `lenet-bench time` in a folder."""
    return subprocess.run(
        [sys.executable, "-P", *LENET_BENCH, "time", *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", "PYTHONPATH": os.pathsep.join([str(ROOT), str(SUPPORT)]), **env},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose folders, pytest configuration and conftest.py would each stop the run."""
    folder = tmp_path_factory.mktemp("theirs")
    for package in ("bench", "impls", "tests"):
        (folder / package).mkdir()
        (folder / package / "__init__.py").write_text("raise RuntimeError('their own package')\n")
    (folder / "conftest.py").write_text("raise RuntimeError('their own conftest')\n")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    return folder


@pytest.fixture(scope="module")
def timed(theirs: Path) -> tuple[dict[str, Any], str]:
    """A backend timed against two others there."""
    more = ("--against", "fakes:Sound", "--against", "reference:float32", "--machine", "abacus")
    done = time(theirs, "fakes:Sound:float64", *more, *OPTIONS, PYTEST_ADDOPTS="-n 4", PYTEST_PLUGINS="no_such_plugin")
    assert done.returncode == 0, done.stdout + done.stderr
    return result(theirs / "results"), done.stdout


def test_their_repository_does_not_matter(timed: tuple[dict[str, Any], str]) -> None:
    content, _ = timed
    assert content["run"]["complete"]
    kinds = ("agreement", "first epoch", "epoch", "evaluation")
    labels = ("fakes:Sound:float32", "fakes:Sound:float64", "reference:float32")
    rows = [benchmark["extra_info"] for benchmark in content["benchmarks"]]
    assert {(f"{row['backend']}:{row['variant']}", row["kind"]) for row in rows} == {
        (label, kind) for label in labels for kind in kinds
    }
    assert {row["verdict"] for row in rows} == {"equivalent"}
    assert {row["control"] for row in rows if row["kind"] != "agreement"} == {control("cpu").name}


def test_each_is_compared_with_what_was_named(timed: tuple[dict[str, Any], str]) -> None:
    content, terminal = timed
    rows = [benchmark["extra_info"] for benchmark in content["benchmarks"]]
    ratios = {f"{row['backend']}:{row['variant']}": set(row["ratios"]) for row in rows if row["kind"] == "epoch"}
    assert ratios == {
        "fakes:Sound:float32": {"reference:float32"},
        "fakes:Sound:float64": {"fakes:Sound:float32", "reference:float32"},
        "reference:float32": {"fakes:Sound:float32"},
    }
    assert "× fakes:Sound:float32" in terminal
    assert "× reference:float32" in terminal
    assert content["run"]["options"]["against"] == ["fakes:Sound", "reference:float32"]


def test_a_backend_that_differs_fails_the_run_and_is_timed(tmp_path: Path) -> None:
    done = time(tmp_path, "defects:SumsTheLoss", "--against", "fakes:Sound", *OPTIONS)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "defects:SumsTheLoss is different, first on the rung 'loss'" in said(done)
    rows = [benchmark["extra_info"] for benchmark in result(tmp_path / "results")["benchmarks"]]
    assert ("defects:SumsTheLoss", "epoch") in {(row["backend"], row["kind"]) for row in rows}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("pytroch",), "did you mean pytorch"),
        (("nosuch.module:Thing",), "The module nosuch.module does not import"),
        (("fakes:Sound", "--against", "fakes:CannotBeMade"), "__init__ raised RuntimeError: no chip found"),
        (("fakes:Sound", "--against", "fakes:Sound", "--resume"), "There is no unfinished run with these options"),
        (("fakes:Sound", "--precision", "fp8"), "does not offer fp8"),
        (("fakes:Sound", "--results", "a-file"), "Results cannot be written to"),
    ],
)
def test_what_cannot_start_is_a_sentence(tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    (tmp_path / "a-file").write_text("")
    done = time(tmp_path, *arguments, *OPTIONS)
    assert done.returncode == 2, done.stdout + done.stderr
    assert sentence in said(done)
    assert "Traceback" not in done.stdout + done.stderr
    assert not list(tmp_path.glob("results/*/*.json"))
