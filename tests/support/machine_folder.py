"""A machine's folder of results that is whole and lawful, to be spoilt in one place."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from bench.parity.rungs import RUNGS
from bench.results.validation.folder import Validated, validate
from bench.results.validation.personal import Names
from bench.results.validation.stated import CIFAR10
from bench.training import store
from bench.training.run import TrainingRun
from impls.spec.version import SPEC_VERSION
from made_up_builds import two_builds
from made_up_results import RUNG, content, row
from made_up_runs import made

MACHINE = "abacus"
TIMED = "2026-01-01T00-00-00Z.json"
BUILDS = "builds/2026-01-02T00-00-00Z.json"
STATED = {"spec": SPEC_VERSION, "suite": "0.1.0", "code": "c0de", "data_fingerprint": CIFAR10}
NOBODY = Names()


def rows() -> list[dict[str, Any]]:
    """A ladder and an epoch of PyTorch, as this version of the suite writes them."""
    ladder = [RUNG | {"name": name} for name in RUNGS]
    more = {**STATED, "versions": {"python": "3.11.7", "numpy": "2.4.6", "torch": "2.14.1", "torchvision": "0.29.1"}}
    return [row("agreement", rungs=ladder, **more), row("epoch", **more)]


def results() -> dict[str, Any]:
    """The content of a results file."""
    machine = {
        "system": "Linux",
        "machine": "x86_64",
        "python_version": "3.11.7",
        "cpu": {"brand_raw": "Abacus"},
        "gpu": None,
    }
    options = {"seed": 0, "synthetic": 0}
    run = {"schema": 2, "complete": True, "options": options, "code": "0123abcd", "warnings": []}
    return copy.deepcopy(content(*rows(), machine_info=machine, run=run))


def training_run(**fields: Any) -> TrainingRun:
    """A stored run of a backend of somebody's, whose code is not here."""
    versions = {"python": "3.11.7", "numpy": "2.4.6"}
    given = {"seed": 3, "spec": SPEC_VERSION, "suite": "0.1.0", "data_fingerprint": CIFAR10, "versions": versions}
    return made("my.module:Mine:plain", **{**given, **fields})


def place_of(run: TrainingRun) -> str:
    """Where a run lies within the folder."""
    variant = store.file_name(run.label) + ("-twin" if run.twin else "")
    return f"runs/{store.file_name(run.recipe)}/{variant}/seed-{run.seed}.json"


def write(folder: Path) -> Path:
    """A sound folder of a machine, in a folder of results."""
    machine = folder / MACHINE
    put(machine, TIMED, results())
    run = training_run()
    put(machine, place_of(run), run.as_dict())
    (machine / "builds").mkdir()
    two_builds(1, blocks=2).write(machine / BUILDS)
    (machine / "README.md").write_text("# Abacus\n\n20,002 images/s, https://example.org/a/b/c\n")
    return machine


def put(machine: Path, name: str, values: Any) -> None:
    """Write a file of JSON."""
    (machine / name).parent.mkdir(parents=True, exist_ok=True)
    (machine / name).write_text(json.dumps(values))


def told(machine: Path, names: Names = NOBODY) -> list[str]:
    """Every finding, a sentence each."""
    return [str(finding) for finding in looked(machine, names).findings]


def looked(machine: Path, names: Names = NOBODY) -> Validated:
    return validate(machine, names)
