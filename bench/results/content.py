"""What a results file holds, or one sentence that says why it is none of this suite's.

Other files with the same ending may lie in the same folder: plain results of pytest-benchmark, half a file, an empty
one. Everything that reads results files reads them here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.results import schema
from bench.results.schema import ResultsError

READS = (1, 2)
"""Schemas of results files that can be read."""

OF_EVERY_ROW = {
    "kind": str,
    "backend": str,
    "variant": str,
    "device_name": str,
    "precision": str,
    "data_fingerprint": str,
    "seed": int,
    "quick": bool,
    "verdict": str,
    "versions": dict,
}
"""What the tables need of every row; a machine without jsonschema looks at no more than this."""

TYPES = {
    list: "list",
    dict: "object",
    str: "text",
    int: "number",
    float: "number",
    bool: "truth value",
    type(None): "null",
}


def read(path: Path) -> dict[str, Any]:
    """The content of a results file; `schema_of` says which schema it is of.

    Raises:
        ResultsError: it cannot be read, or is not a whole and sensible results file of this suite.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ResultsError(f"{path} cannot be read ({error.strerror}).") from error
    return checked(str(path), data)


def checked(name: str, data: bytes) -> dict[str, Any]:
    """The same from a file's bytes; ``name`` is what the sentence calls it."""
    content = _parsed(name, data)
    if wrong := _mistake(content):
        raise ResultsError(f"{name} is not a results file of this suite ({wrong}).")
    if (found := schema_of(content)) not in READS:
        raise ResultsError(f"{name} has results of schema {found}, this version reads {' and '.join(map(str, READS))}.")
    if wrong := schema.mistake(content) if found > 1 else schema.mistake_of_schema_1(content):
        raise ResultsError(f"{name} is not a results file of this suite ({wrong}).")
    return content


def schema_of(content: dict[str, Any]) -> int:
    """The schema that checked content names: in ``run``, or in every row and nowhere else, as the first did."""
    if "run" in content:
        return int(content["run"]["schema"])
    return max((row["schema"] for row in _rows(content)), default=1)  # a run that lost everything has no row


def _parsed(name: str, data: bytes) -> Any:
    try:
        if not data.strip():
            raise ValueError("it is empty")
        return json.loads(data.decode())
    except UnicodeDecodeError:
        wrong = "it is not text"
    except json.JSONDecodeError as error:
        wrong = f"it is not whole JSON: {error}"
    except RecursionError:
        wrong = "it is nested too deeply"
    except ValueError as error:
        wrong = str(error)
    raise ResultsError(f"{name} is not a results file of this suite ({wrong}).")


def _rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    """``extra_info`` of every measurement that is ours."""
    return [b["extra_info"] for b in content["benchmarks"] if "kind" in b["extra_info"]]


def _mistake(content: Any) -> str | None:
    """Why content has not the form of our files, of whichever schema; None where it has."""
    if not isinstance(content, dict):
        return f"it holds a {TYPES[type(content)]}"
    benchmarks = content.get("benchmarks")
    if not isinstance(benchmarks, list) or not all(isinstance(_row(b), dict) for b in benchmarks):
        return "it has no list of measurements"
    rows, run, lost = _rows(content), content.get("run"), content.get("lost", [])
    if "run" in content:
        if not isinstance(run, dict) or type(run.get("schema")) is not int:
            return "its run names no schema"
    elif not all(type(row.get("schema")) is int for row in rows) or not (rows or lost):
        return "it is pytest-benchmark's, of another project"
    for name, kind in (("commit_info", dict), ("datetime", str), ("machine_info", dict)):
        if (name in content or name != "machine_info") and not isinstance(content.get(name), kind):
            return f"its {name} is {_described(content, name)}"
    if not isinstance(lost, list) or not all(
        isinstance(each, dict) and {"name", "reason"} <= set(each) for each in lost
    ):
        return "its list of what was lost is none"
    for row in rows:
        for name, expected in OF_EVERY_ROW.items():
            if type(row.get(name)) is not expected:
                return f"{name} of a row is {_described(row, name)}"
    return None


def _row(benchmark: Any) -> Any:
    return benchmark.get("extra_info") if isinstance(benchmark, dict) else None


def _described(values: dict[str, Any], name: str) -> str:
    return repr(values[name]) if name in values else "missing"
