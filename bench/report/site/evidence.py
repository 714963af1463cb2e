"""Where a row comes from: its file, commit, source, settings and warnings, and the command that repeats it."""

from __future__ import annotations

import ast
import importlib.util
import os
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bench.base.environment import set_by_user
from bench.report import escape
from bench.report.tables import notes
from bench.results.load import Device, Run, Variant
from impls import registry
from impls.errors import LenetError

ROOT = Path(__file__).parents[3]
"""Of the checkout."""


SETTINGS = {"device": "--device", "threads": "cores for the worker", "batch_size": "images a batch", "recipe": "recipe"}
"""What a row's settings are called; files of the first schema lack some of them."""


@dataclass(frozen=True)
class Evidence:
    """What a row rests on.

    Attributes:
        json: name of the results file, and the link to it.
        date: of the run, to the minute.
        commit: of the code that ran.
        source: path of the variant's file within the checkout; empty where it is not in it.
        source_link: to that file; likewise.
        what: the first line of what the variant's class says of itself; empty where nobody knows.
        settings: name and value of each, in words.
        warnings: a sentence each.
        command: that repeats the row.
    """

    json: tuple[str, str]
    date: str
    commit: str
    source: str
    source_link: str
    what: str
    settings: list[tuple[str, str]]
    warnings: list[str]
    command: str


def evidence(device: Device, variant: Variant, page: Path) -> Evidence:
    """The evidence of a variant's rows.

    Args:
        device: of the rows.
        variant: of the rows.
        page: that links lead from.
    """
    run, record = device.runs[-1], variant.any_record
    source, what = described(variant.label)
    return Evidence(
        json=(run.path.name, _link(run.path, page)),
        date=device.date,
        commit=run.commit,
        source=source,
        source_link=_link(ROOT / source, page) if source else "",
        what=what,
        settings=_settings(record, variant),
        warnings=notes.warnings(Device(*device.key, variants={variant.label: variant})),
        command=command(run, record, variant.label),
    )


def command(run: Run, record: dict[str, Any], label: str) -> str:
    """What to type to measure a row again, in the same company: its neighbours were timed in turn with it.

    Args:
        run: that measured it.
        record: one of its records.
        label: of the variant; it is among the run's backends in any case.
    """
    options = run.options
    parts = ["pytest", "bench/", "--benchmark-only"]
    for backend in dict.fromkeys([*options.get("backends", []), label] if "backends" in options else [label]):
        parts += ["--backend", backend]
    for name in ("device", "precision", "threads", "seed"):
        if name in record:  # older files lack some of them
            parts += [f"--{name}", str(record[name])]
    if record["quick"]:
        parts.append("--quick")
    elif "blocks" in options:
        parts += ["--blocks", str(options["blocks"])]
    if options.get("synthetic"):
        parts += ["--synthetic", str(options["synthetic"])]
    commit, _, changed = run.commit.partition("+")
    first = f"git switch --detach {shlex.quote(commit)}" + (f"  # it had {changed} of its own" if changed else "")
    return escape.printable(f"{first}\n{shlex.join(parts)}")


@cache
def described(label: str) -> tuple[str, str]:
    """The file of a backend's class within the checkout, and the first line of what the class says of itself.

    Both are empty for what lies elsewhere. Nothing is imported but the packages above the file, which are empty.

    Args:
        label: ``backend:variant`` as tables have it.
    """
    try:
        choice = registry.choices(label)[0]
    except LenetError:
        return "", ""
    module, _, name = choice.target.partition(":")
    if module.partition(".")[0] not in registry.OURS:
        return "", ""
    found = importlib.util.find_spec(module)
    path = Path(found.origin) if found and found.origin else None
    if path is None or not path.is_relative_to(ROOT):
        return "", ""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            said = (ast.get_docstring(node) or "").strip().splitlines()
            return path.relative_to(ROOT).as_posix(), said[0].replace("`", "") if said else ""
    return path.relative_to(ROOT).as_posix(), ""


def _settings(record: dict[str, Any], variant: Variant) -> list[tuple[str, str]]:
    blocks = variant.get("epoch", "blocks", [])
    rounds = len(variant.get("epoch", "epoch_seconds", []))
    known = {name: str(record[name]) for name in ("device", "threads", "batch_size", "recipe") if name in record}
    found = [
        ("device", record["device_name"]),
        ("precision", f"{record['precision']}, TF32 {'on' if record['precision'] == 'tf32' else 'off'}"),
        *((SETTINGS[name], value) for name, value in known.items()),
        ("seed", str(record["seed"])),
        ("data", record["data_fingerprint"]),
    ]
    if rounds:
        processes = len(set(blocks))
        found.append(("timed", f"{rounds} epochs in {processes} fresh process{'' if processes == 1 else 'es'}"))
        found.append(("warm-up", "the first two epochs of each process are not among them"))
    if own := set_by_user(record.get("environment", {}), record.get("threads", 1)):
        found.append(("environment", ", ".join(f"{name}={value}" for name, value in sorted(own.items()))))
    found.append(("versions", ", ".join(f"{name} {version}" for name, version in record["versions"].items())))
    return found


def _link(target: Path, page: Path) -> str:
    """A relative link from the page to a file."""
    return escape.url(Path(os.path.relpath(target.absolute(), page.absolute().parent)))
