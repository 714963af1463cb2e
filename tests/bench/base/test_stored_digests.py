"""Stored runs are of code that trains as today's does, and every version of Python sees that they are."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bench.base.code_digest import code_digest, harness_digest
from bench.lecture.evidence import lecture_runs
from bench.training import store
from bench.training.equivalent_code import LIST, read, same_code
from command import ROOT, finished
from impls import registry

RESULTS = ROOT / "results"
TARGETS = [target for entry in registry.BUILT_IN.values() for target in {entry.target, *entry.elsewhere.values()}]
MODULES = sorted({target.partition(":")[0] for target in TARGETS})
"""Of every backend of ours."""

PRINTS = """
import sys
from bench.base.code_digest import code_digest, harness_digest
print(harness_digest(), *map(code_digest, sys.argv[1:]))
"""


def test_no_stored_run_reads_as_trained_by_other_code() -> None:
    runs = [run for _, run in store.read_all(RESULTS)] + [each.run for each in lecture_runs(RESULTS)]
    assert len(runs) >= 143
    modules = {run.label: registry.choices(run.label)[0].target.partition(":")[0] for run in runs}
    now = {label: code_digest(module) for label, module in modules.items()}
    assert not {run.title for run in runs if not same_code(run.code, now[run.label], run.label, run.precision)}


def test_a_digest_without_evidence_is_refused() -> None:
    """Another code's digest, and a listed one of another variant or precision."""
    [first, *_] = read(LIST)
    assert same_code(first.old, first.new, first.label, first.precision)
    assert not same_code("0123456789abcdef", first.new, first.label, first.precision)
    assert not same_code(first.old, first.new, "flax:made-up", first.precision)
    assert not same_code(first.old, first.new, first.label, "tf32")


def interpreters() -> dict[str, str]:
    """Every CPython from 3.11 on that is installed or under pyenv, by its name."""
    folders = [*Path.home().glob(".pyenv/versions/3.*/bin"), *map(Path, ("/usr/bin", "/usr/local/bin"))]
    return {python.name: str(python) for folder in folders for python in folder.glob("python3.1[1-9]")}


@pytest.mark.slow
@pytest.mark.parametrize("version", ["python3.11", "python3.12", "python3.13", "python3.14"])
def test_versions_of_python_agree(version: str) -> None:
    """On every backend's digest, and on that of all files of ours."""
    python = interpreters().get(version)
    if python is None:
        pytest.skip(f"there is no {version} here")
    assert len(MODULES) == 8
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = finished([python, "-c", PRINTS, *MODULES], env=env)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [harness_digest(), *map(code_digest, MODULES)], sys.version
