"""Is this a results file of schema 2? Held against ``schema.json`` before it is written and after it is read.

The JSON Schema says which keys there are, of what type, unit and range. What it cannot say is checked here: that
numbers are finite and not NumPy's, and that lists which belong together are of equal length.

A machine that measures may lack jsonschema. The rest is checked there, and the JSON Schema wherever the file is read
with it.
"""

from __future__ import annotations

import json
import math
import reprlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.results.upgrade import from_schema_1
from impls.errors import LenetError

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

SCHEMA_FILE = Path(__file__).with_name("schema.json")

EQUALLY_LONG = {
    "agreement": ("oracle_losses", "twin_distances"),
    "first epoch": (
        "first_epoch_seconds",
        "import_seconds",
        "start_seconds",
        "to_device_seconds",
        "control_seconds",
    ),
    "epoch": ("epoch_seconds", "blocks", "control_seconds"),
    "evaluation": ("eval_seconds", "blocks", "control_seconds"),
    "training": ("epoch_seconds", "eval_seconds", "losses", "accuracy_per_epoch"),
    "overhead": ("slice_seconds", "baseline_seconds", "blocks"),
}
"""Lists of a kind of row that have an element for the same thing."""

AT_MOST_ONE_A_BLOCK = ("latency_seconds_batch_1", "latency_seconds_batch_100")
"""Lists of an evaluation that have an element for each of its blocks, but for those in which it could not be had."""


STRICT = ("required", "unevaluatedProperties")
"""What of a row's definition holds for schema 2 alone."""


class ResultsError(LenetError):
    """A results file is not what its format says, or cannot be read at all."""


def check(content: dict[str, Any]) -> None:
    """Hold the content of a results file against schema 2.

    Args:
        content: plain values as JSON has them; a tuple is none.

    Raises:
        ResultsError: it is not of schema 2; the sentence names a place, as a JSON path, and what is wrong there.
    """
    if wrong := mistake(content):
        raise ResultsError(f"These results do not keep to bench/results/schema.json and are a bug to report: {wrong}.")


def mistake(content: Any) -> str | None:
    """Where content is not of schema 2 and what is wrong there, e.g. "$.run: 'code' is a required property"."""
    validator = _validator()
    if errors := list(validator.iter_errors(content)) if validator else []:
        # An error within a row makes all keys of its kind unexpected as well, so that is told last.
        first = min(errors, key=lambda error: error.validator == "unevaluatedProperties")
        return f"{first.json_path}: {_reason(first)}"
    try:
        return next(_not_json("$", content), None) or next(_unequal(content["benchmarks"]), None)
    except (KeyError, TypeError, AttributeError) as error:  # of no form at all, and nothing looked at it before
        return f"$: {type(error).__name__}: {error}"


def mistake_of_schema_1(content: dict[str, Any]) -> str | None:
    """The same of a file of schema 1, whose rows may lack figures and have others, for as far as names are the same."""
    if found := next(_not_json("$", content), None):
        return found
    if (validator := _validator(lenient=True)) is None:
        return None
    for index, benchmark in enumerate(content["benchmarks"]):
        if row := benchmark["extra_info"]:
            for error in validator.iter_errors(from_schema_1(row)):
                return f"{error.json_path.replace('$', f'$.benchmarks[{index}].extra_info')}: {_reason(error)}"
    return None


def can_validate() -> bool:
    """Whether files are held against the JSON Schema here: jsonschema is installed."""
    return _validator() is not None


def ensure_installed() -> None:
    """Refuse to go on where ``schema.json`` is missing or broken.

    Raises:
        LenetError: it is, so this installation is broken; every results file would else seem to be.
    """
    _validator()


@cache
def _validator(*, lenient: bool = False) -> Draft202012Validator | None:
    """The JSON Schema's, of a file or, ``lenient``, of the figures in a row; None where jsonschema is not installed."""
    try:
        from jsonschema import Draft202012Validator  # takes a while, which listing the benchmarks should not
    except ImportError:
        return None
    try:
        found = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
        if lenient:
            rows = ("row", *(kind.replace(" ", "_") for kind in EQUALLY_LONG))
            for row in rows:
                found["$defs"][row] = {k: v for k, v in found["$defs"][row].items() if k not in STRICT}
            found = {"$defs": found["$defs"], "$ref": "#/$defs/row"}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LenetError(
            f"This installation is broken: {SCHEMA_FILE} cannot be read ({error}). Install lenet-parity again."
        ) from error
    return Draft202012Validator(found)


def _reason(error: ValidationError) -> str:
    """What jsonschema says, with a long value cut short."""
    return error.message.replace(repr(error.instance), reprlib.repr(error.instance))


def _not_json(place: str, value: Any) -> Iterator[str]:
    """Every number that jsonschema takes for one and JSON does not know: NaN, infinity, NumPy's."""
    if type(value).__module__ == "numpy":
        yield f"{place}: {value!r} is NumPy's and would be written as text"
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{place}: {value} is not finite"
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _not_json(f"{place}.{key}", item)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _not_json(f"{place}[{index}]", item)


def _unequal(benchmarks: list[dict[str, Any]]) -> Iterator[str]:
    """Every list that is longer or shorter than one it belongs to."""
    for index, benchmark in enumerate(benchmarks):
        row, place = benchmark["extra_info"], f"$.benchmarks[{index}].extra_info"
        if not row:
            continue
        first, *others = EQUALLY_LONG[row["kind"]]
        for key in others:
            if key in row and len(row[key]) != len(row[first]):
                yield f"{place}.{key}: has {len(row[key])} values where {first} has {len(row[first])}"
        for key in AT_MOST_ONE_A_BLOCK:
            if key in row and len(row[key]) > len(set(row["blocks"])):
                yield f"{place}.{key}: has {len(row[key])} values where blocks names {len(set(row['blocks']))} blocks"
