"""Training runs on disk, one file each, so that none is trained twice and an interrupted series goes on."""

from __future__ import annotations

import glob
import hashlib
import json
import math
import re
import sys
from dataclasses import fields
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from bench.base import environment, files
from bench.base.environment import recorded
from bench.base.settings import Settings
from bench.training.equivalent_code import same_code
from bench.training.run import SCHEMA, Experiment, TrainingRun, data_set_of
from bench.worker.process import worker_environment
from impls.spec import CLASSES

FOLDER = "runs"
"""Of all training runs, within a machine's folder of results."""


def path_of(settings: Settings, experiment: Experiment) -> Path:
    """Where a run is kept: ``<results>/<machine>/runs/<recipe>/<variant>[-twin]/seed-<n>.json``.

    Made-up data has a folder of its own in between, and so has every precision but fp32, which goes without saying:
    neither must ever take the place of the other's runs. Device, versions and code have none: a run of another
    is replaced. With how many threads and beside how many others it was trained decides nothing (`Experiment`).
    """
    folder = recipe_folder(
        settings.results / settings.machine / FOLDER, settings, experiment.precision, experiment.recipe
    )
    variant = file_name(experiment.label) + ("-twin" if experiment.twin else "")
    return folder / variant / f"seed-{experiment.seed}.json"


def recipe_folder(base: Path, settings: Settings, precision: str, recipe: str) -> Path:
    """The folder under ``base`` of all runs by a recipe: one for each kind of data and each precision, as above."""
    if settings.synthetic:
        base /= f"made-up-{settings.synthetic}-images"
    if precision != "fp32":
        base /= file_name(precision)
    return base / file_name(recipe)


def file_name(text: str) -> str:
    """Something that every file system takes as a name, e.g. ``pytorch-eager`` and ``lecture-2``.

    A text with characters that our own names do not have gets a digest behind it, so that no two of them share a
    name, and none is empty, too long, or that of a twin.
    """
    name = re.sub(r"[^A-Za-z0-9._]+", "-", text).strip("-.")
    if name and len(name) <= 120 and re.fullmatch(r"[A-Za-z0-9._:\[\]-]+", text) and not name.endswith("-twin"):
        return name
    return f"{name[:100]}-{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()[:8]}".lstrip("-")


def save(settings: Settings, run: TrainingRun) -> Path:
    """Store a run, whole or not at all; the path it then has."""
    path = path_of(settings, run)
    files.write(path, json.dumps(run.as_dict(), indent=1) + "\n")
    return path


def find(settings: Settings, experiment: Experiment) -> tuple[TrainingRun | None, str]:
    """The stored run of an experiment.

    Returns:
        The run and ""; or None and the reason why what is stored does not count, e.g. "torch 2.14.1 is now 2.15.0",
        "" where nothing is stored.
    """
    path = path_of(settings, experiment)
    if not path.exists():
        return None, ""
    run = read(path)
    if run is None:
        return None, "its file cannot be read"
    reasons = changes(run, experiment)
    return (None, "; ".join(reasons)) if reasons else (run, "")


def changes(then: Experiment, now: Experiment) -> list[str]:
    """In which ways one experiment is not the other, in words; empty where they are the same."""
    found = []
    for name in (field.name for field in fields(Experiment)):
        old, new = getattr(then, name), getattr(now, name)
        if old == new or (name == "code" and same_code(old, new, now.label, now.precision)):
            continue
        if name == "code":
            found.append("its code has changed since")
        elif name == "versions":
            for package in sorted(set(old) | set(new)):
                before, after = old.get(package, "(not recorded)"), new.get(package, "not used")
                if before != after:
                    found.append(f"{package} {before} is now {after}")
        else:
            found.append(f"its {name.replace('_', ' ')} {old} is now {new}")
    if isinstance(then, TrainingRun) and then.environment is not None:
        now_set = recorded(worker_environment(then.threads))  # how many threads is no part of an experiment
        found += [f"its environment differs in {each}" for each in environment.differences(then.environment, now_set)]
    return found


def read_all(results: Path, machine: str | None = None) -> list[tuple[str, TrainingRun]]:
    """Every readable run under a folder of results, with the name of its machine's folder, in order of paths.

    Args:
        results: the folder.
        machine: the one machine whose runs are wanted; None for all.
    """
    found = []
    folder = "*" if machine is None else glob.escape(machine)
    for path in sorted(results.glob(f"{folder}/{FOLDER}/**/seed-*.json")):
        if run := read(path):
            found.append((path.relative_to(results).parts[0], run))
    return found


def read(path: Path) -> TrainingRun | None:
    """A stored run; None, with a warning that names the file, where it cannot be read or is of another schema."""
    try:
        return checked(json.loads(path.read_text()))
    except (OSError, ValueError) as error:
        # Not warnings.warn: within pytest that may be an error, and a bad file must not cost the good ones.
        print(f"warning: {path} is not a readable training run ({error}) and is left out.", file=sys.stderr)
        return None


def checked(values: Any) -> TrainingRun:
    """A run from JSON's values.

    Raises:
        ValueError: they are of another schema, or not a whole and sensible description of a run.
    """
    schema = values.get("schema") if isinstance(values, dict) else None
    if schema in (1, 2, 3, 4, 5):
        values = _from_older(values)
    elif schema != SCHEMA:
        raise ValueError(f"its schema is {schema}, this version reads 1 to {SCHEMA}")
    kinds = get_type_hints(TrainingRun)
    if wrong := sorted(set(kinds) ^ set(values)):
        raise ValueError(f"missing or unknown: {', '.join(wrong)}")
    if wrong := [name for name, kind in kinds.items() if not _is_a(values[name], kind)]:
        raise ValueError(f"of the wrong type: {', '.join(wrong)}")
    run = TrainingRun.from_dict(values)
    per_epoch = (run.losses, run.accuracy_per_epoch, run.epoch_seconds, run.eval_seconds)
    if not run.losses or len({len(figures) for figures in per_epoch}) != 1:
        raise ValueError("not every epoch has all its figures")
    if any(own and len(own) != len(run.losses) for own in (run.test_losses, run.moved)):
        raise ValueError("some epochs have a test loss, or a count of changed parameters, and others have none")
    if run.confusion and {len(run.confusion), *map(len, run.confusion)} != {CLASSES}:
        raise ValueError(f"its confusion is not of {CLASSES} by {CLASSES} classes")
    if not all(0 <= accuracy <= 1 for accuracy in run.accuracy_per_epoch):
        raise ValueError("an accuracy is not a fraction")
    return run


def _from_older(values: dict[str, Any]) -> dict[str, Any]:
    """A run of an older schema, with what it lacks.

    Schema 1 trained no run beside another, 2 continued none, 3 recorded no environment, 4 no versions of specification
    and suite, 5 no losses and confusion on the test split, and it had images in colour alone.
    """
    fingerprint = values.get("data_fingerprint")
    lacking = {
        "concurrent": 1,
        "resumed_after": [],
        "weight_change": {},
        "environment": None,
        "spec": None,
        "suite": None,
        "data_set": data_set_of(fingerprint) if isinstance(fingerprint, str) else "",
        "channels": 3,
        "test_losses": [],
        "moved": [],
        "confusion": [],
    }
    return lacking | values | {"schema": SCHEMA}


def _is_a(value: Any, kind: Any) -> bool:
    """Whether a value from JSON is of a field's type; a float may be written as a whole number, and is finite."""
    origin, args = get_origin(kind) or kind, get_args(kind)
    if origin is UnionType:
        return any(_is_a(value, each) for each in args)
    if origin is list:
        return isinstance(value, list) and all(_is_a(item, args[0]) for item in value)
    if origin is dict:
        return isinstance(value, dict) and all(_is_a(item, args[1]) for item in value.values())
    if origin is float:
        return type(value) in (int, float) and math.isfinite(value)
    return type(value) is origin  # not isinstance: True is an int
