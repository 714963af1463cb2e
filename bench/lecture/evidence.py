"""What was measured on one device that the lecture's claims can be held against; all of it from stored files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.lecture.folder import FOLDER, Elsewhere, VariantFolder
from bench.results.load import Device, Variant
from bench.training import store
from bench.training.run import TrainingRun
from bench.training.selection import largest
from impls.errors import LenetError
from impls.spec import LECTURE, parameter_counts

FRAMEWORKS = {"pytorch": "PyTorch", "flax": "Flax"}
"""By the name of the backend, as tables call it."""

CONTRACT = "contract"
"""The rung that holds names and shapes of what a backend gives out to the specification."""

STUDY = "eighty-percent.json"
"""What ``examples/eighty_percent.py`` writes into a machine's folder."""


@dataclass(frozen=True)
class LectureRun:
    """A run of ``lenet-bench lecture`` that came to its end.

    Attributes:
        machine: the name of the machine's folder.
        folder: of the recipe and seed.
        run: its curves.
        elsewhere: how it does on another test set; None where nobody has looked.
    """

    machine: str
    folder: Path
    run: TrainingRun
    elsewhere: Elsewhere | None


@dataclass(frozen=True)
class Evidence:
    """All of one device, on CIFAR-10 and in fp32.

    Attributes:
        device: its name.
        runs: of training, by recipe and label, in order of seeds; no twins, and of one code and versions.
        lecture: those of ``lenet-bench lecture``, each trained alone.
        epochs: seconds of the steady epochs of the benchmark's variants, by label, all of one run.
        totals: seconds of the whole of the lecture's recipe, with its tests, trained alone, by label.
        parameters: elements of each parameter that a variant gave out, by label.
        study: of what 80 % would take, as its script wrote it; None where it was not run.
    """

    device: str
    runs: dict[str, dict[str, list[TrainingRun]]] = field(default_factory=dict)
    lecture: list[LectureRun] = field(default_factory=list)
    epochs: dict[str, list[float]] = field(default_factory=dict)
    totals: dict[str, float] = field(default_factory=dict)
    parameters: dict[str, dict[str, int]] = field(default_factory=dict)
    study: dict[str, Any] | None = None

    @property
    def machine(self) -> str:
        """The folder of its runs of ``lenet-bench lecture``, by name; there is one at least."""
        return self.lecture[0].machine

    def of(self, framework: str, recipe: str) -> list[TrainingRun]:
        """The runs that speak for a framework: of its variant with the most seeds; all variants compute the same."""
        series = [runs for label, runs in self.runs.get(recipe, {}).items() if label.startswith(f"{framework}:")]
        return max(series, key=len, default=[])

    def by_framework(self, recipe: str) -> dict[str, list[TrainingRun]]:
        """`of` every framework that has runs by a recipe."""
        return {framework: runs for framework in FRAMEWORKS if (runs := self.of(framework, recipe))}


def gather(results: Path, devices: Sequence[Device], machine: str | None = None) -> list[Evidence]:
    """The evidence of every device of which there are training runs.

    Args:
        results: the folder of all results.
        devices: what its results files say.
        machine: the one machine whose files are wanted; None for all.
    """
    lecture = lecture_runs(results, machine)
    groups: dict[str, dict[str, list[TrainingRun]]] = {}
    folders: dict[str, str] = {}
    stored = store.read_all(results, machine)
    for folder, run in [*stored, *((each.machine, each.run) for each in lecture)]:
        if counts(run) and not run.twin:
            groups.setdefault(run.device_name, {}).setdefault(run.recipe, []).append(run)
            folders[run.device_name] = folder
    found = []
    for name in sorted(groups):
        own = [each for each in lecture if each.run.device_name == name and counts(each.run)]
        series = _in_series(groups[name], [each.run for each in own])
        evidence = Evidence(name, series, own, study=read_study(results / FOLDER / folders[name]))
        for device in devices:
            if device.name == name and device.precision == "fp32" and not device.data.startswith("synthetic"):
                _add_benchmarks(evidence, device)
        for each in own:
            if each.run.recipe == LECTURE.name and not each.run.resumed_after:
                evidence.totals[each.run.label] = each.run.total_seconds
        found.append(evidence)
    return found


def counts(run: TrainingRun) -> bool:
    """Whether a run is of the lecture's data and in the lecture's precision."""
    return run.precision == "fp32" and run.data_set == "cifar10"


def lecture_runs(results: Path, machine: str | None = None) -> list[LectureRun]:
    """Every run of ``lenet-bench lecture`` that came to its end and can be read, in order of paths.

    Args:
        results: the folder of all results.
        machine: the one machine whose runs are wanted; None for all.
    """
    found = []
    for path in sorted((results / FOLDER / (machine or "")).glob("**/run.json")):
        if (run := store.read(path)) and path.with_name("final.safetensors").exists():
            name, folder = path.relative_to(results / FOLDER).parts[0], path.parent.parent
            found.append(LectureRun(name, folder, run, VariantFolder(folder, run.label).elsewhere()))
    return found


def _in_series(
    recipes: dict[str, list[TrainingRun]], lecture: list[TrainingRun]
) -> dict[str, dict[str, list[TrainingRun]]]:
    """By recipe and label, in order of seeds; of two from one seed the one that was trained for accuracy over seeds."""
    found: dict[str, dict[str, list[TrainingRun]]] = {}
    for recipe, runs in recipes.items():
        series: dict[str, dict[int, TrainingRun]] = {}
        for run in sorted(largest(runs).runs, key=lambda run: run not in lecture):
            series.setdefault(run.label, {})[run.seed] = run
        found[recipe] = {label: [by_seed[s] for s in sorted(by_seed)] for label, by_seed in sorted(series.items())}
    return found


def _add_benchmarks(evidence: Evidence, device: Device) -> None:
    if not evidence.epochs:  # of one run, the largest: its variants were timed in turn
        timed = {label: variant.get("epoch", "epoch_seconds") for label, variant in device.variants.items()}
        evidence.epochs.update({label: seconds for label, seconds in timed.items() if seconds})
    for label, variant in device.variants.items():
        if variant.get("training", "losses") and len(variant.get("training", "losses")) == LECTURE.epochs:
            evidence.totals.setdefault(label, variant.get("training", "total_seconds"))
        if counted := _counted(variant):
            evidence.parameters.setdefault(label, counted)


def _counted(variant: Variant) -> dict[str, int]:
    """Elements of each parameter that a variant gave out; empty where nobody counted them.

    Rows that were stored before they were counted have the specification's numbers. Where such a row came past the
    contract's rung, which holds what is given out to the specification, they are right. Otherwise they say nothing.
    """
    counted: dict[str, int] = variant.get("agreement", "parameters", {})
    failed_early = variant.get("agreement", "first_failed_rung") == CONTRACT
    return {} if failed_early and counted == parameter_counts() else counted


def read_study(folder: Path) -> dict[str, Any] | None:
    """What the study of 80 % found on a machine; None where there is none.

    Raises:
        LenetError: its file is not whole.
    """
    path = folder / STUDY
    if not path.exists():
        return None
    try:
        study: dict[str, Any] = json.loads(path.read_text())
        if study["schema"] != 1 or not study["steps"]:
            raise ValueError(f"schema {study['schema']}, {len(study['steps'])} steps")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LenetError(f"{path} cannot be read ({error}); delete it and run examples/eighty_percent.py.") from error
    return study
