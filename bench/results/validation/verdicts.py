"""Is there a verdict for every row, and does it rest on comparisons?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench.parity.verdict import DIFFERENT, EQUIVALENT, FAILED, INCONCLUSIVE, NOTHING_COMPARED, PASSED, SKIPPED

Row = Mapping[str, Any]
Placed = tuple[str, Row]
"""A row, behind its place in the file as a JSON path."""

FIRST = (
    *("contract", "round trip", "data", "forward", "loss", "gradients", "optimizer", "trajectory"),
    *("prediction", "determinism"),
)
SECOND = (*FIRST, "memory", "sequence")
RUNGS_OF = {1: FIRST, 2: SECOND, 3: SECOND}
"""The rungs of each version of the specification (docs/specification.md)."""

AGREEMENT = "agreement"


def key_of(row: Row) -> tuple[str, str, str]:
    """What a verdict is of: label, device in words, precision."""
    return f"{row['backend']}:{row['variant']}", row["device_name"], row["precision"]


def of_rows(rows: Sequence[Placed]) -> Iterator[tuple[str, str]]:
    """What is wrong with the verdicts of one file, behind its place."""
    ladders = {key_of(row): row for _, row in rows if row["kind"] == AGREEMENT}
    yield from _specification(rows)
    for place, row in rows:
        if row["kind"] == AGREEMENT:
            yield from _ladder(place, row)
        elif (ladder := ladders.get(key_of(row))) and ladder["verdict"] != row["verdict"]:
            told = f"is {row['verdict']!r}, and the ladder in the same file says {ladder['verdict']!r}"
            yield f"{place}.verdict", told


def proven(rows: Sequence[Placed]) -> set[tuple[str, str, str]]:
    """What a file has a ladder for, with at least one rung that compared something."""
    return {key_of(row) for _, row in rows if row["kind"] == AGREEMENT and any(map(_compared, row.get("rungs", ())))}


def unproven(rows: Sequence[Placed], known: set[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """Rows whose verdict no ladder in the folder stands for, once for each variant."""
    told: set[tuple[str, str, str]] = set()
    for place, row in rows:
        if (key := key_of(row)) not in known | told:
            told.add(key)
            label, device, precision = key
            what = f"no ladder in this folder stands for {label}, {precision}, on {device}; measure its agreement"
            yield f"{place}.verdict", what


def version_of(row: Row) -> int | None:
    """The version of the specification that a row states, or that it is of because it is from before there were any.

    Returns:
        The version; None where it should be stated and is not.
    """
    if "spec" in row:
        return int(row["spec"])
    later = {name for version, names in RUNGS_OF.items() if version > 1 for name in names} - set(FIRST)
    named = {rung["name"] for rung in row.get("rungs", ())}
    return None if "suite" in row or named & later else 1


def _specification(rows: Sequence[Placed]) -> Iterator[tuple[str, str]]:
    """Rows that state no version, though others of their file do, or that state one which nobody knows."""
    stated = any("spec" in row for _, row in rows)
    for place, row in rows:
        version = version_of(row)
        if version is None or (stated and "spec" not in row):
            yield f"{place}.spec", "the version of the specification is not stated; measure again"
        elif version not in RUNGS_OF:
            yield f"{place}.spec", f"there is no version {version} of the specification here; update the suite"
        elif "spec" in row and row.get("suite", "unknown") == "unknown":
            yield f"{place}.suite", "the version of the suite is not stated; measure again"


def _ladder(place: str, row: Row) -> Iterator[tuple[str, str]]:
    rungs = row.get("rungs", ())
    if not any(map(_compared, rungs)):
        yield f"{place}.rungs", "nothing was compared, so there is no verdict; measure again"
        return
    for index, rung in enumerate(rungs):
        if rung["status"] != SKIPPED and not _compared(rung):
            yield f"{place}.rungs[{index}]", f"the rung {rung['name']!r} ran and compared nothing; measure again"
    names = [rung["name"] for rung in rungs]
    if missing := [name for name in RUNGS_OF.get(version_of(row) or 0, ()) if name not in names]:
        yield f"{place}.rungs", f"not on the ladder: {', '.join(missing)}; measure again"
    if (says := _verdict(rungs)) != row["verdict"]:
        yield f"{place}.verdict", f"is {row['verdict']!r}, and its rungs say {says!r}"
    failed = next((rung["name"] for rung in rungs if rung["status"] == FAILED), "")
    if (stated := row.get("first_failed_rung", "")) != failed:
        yield f"{place}.first_failed_rung", f"is {stated!r}, and of its rungs {failed!r} failed first"


def _compared(rung: Row) -> bool:
    """Whether a rung shows that it compared something. A figure that was not finite is null in one that failed."""
    if rung["status"] == SKIPPED or rung["where"] in ("", NOTHING_COMPARED) or rung["tolerance"] is None:
        return False
    return rung["status"] != PASSED or rung["measured"] is not None


def _verdict(rungs: Sequence[Row]) -> str:
    """As `bench.parity.verdict.Report.verdict`."""
    found = {rung["status"] for rung in rungs}
    if FAILED in found:
        return DIFFERENT
    return EQUIVALENT if PASSED in found and not found & {INCONCLUSIVE, SKIPPED} else INCONCLUSIVE
