"""What a check looked at and what it did not: nobody should read more into a verdict than it rests on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bench.parity import memory
from bench.parity.rungs import RUNGS
from bench.parity.verdict import INCONCLUSIVE, SKIPPED, Report, Rung
from bench.report.document import Spans
from bench.training import accuracy_rung

MEMORY = "memory"
"""The rung that looks at what Adam remembers."""

_STEP = re.compile(r"step ([\d,]+)")


def steps_of_memory(report: Report) -> list[int]:
    """After how many of Adam's steps parameters were compared on the rung of memory, in ascending order."""
    rung = _taken(report, MEMORY)
    places = [str(each.place.get("step", "")) for each in rung.comparisons] if rung else []
    return sorted({int(found[1].replace(",", "")) for place in places if (found := _STEP.match(place))})


def seen(found: Mapping[str, Any], report: Report) -> list[Spans]:
    """What was looked at, an item a line."""
    rungs = [rung for rung in report.rungs if rung.comparisons]
    if not rungs:
        return [["Nothing."]]
    comparisons = sum(len(rung.comparisons) for rung in rungs)
    items = [
        f"Device: {found['device_name']} ({found['device']}).",
        f"Precision: {found['precision']}.",
        f"Data: {_data(found)}.",
        f"Comparisons: {comparisons:,} on {len(rungs)} rungs, from seed {found['seed']}.",
    ]
    if steps := steps_of_memory(report):
        items.append(f"Memory of the optimizer: {_memory_text(steps)}.")
    if (rung := _taken(report, accuracy_rung.NAME)) and rung.status != INCONCLUSIVE:
        items.append(f"Final accuracy over paired seeds: {rung.detail.rstrip('.')}.")
    return [[item] for item in items]


def not_seen(found: Mapping[str, Any], report: Report) -> list[Spans]:
    """What was not, and why."""
    items = [sentence for rung in report.rungs for sentence in _left_out(rung)]
    reached = {rung.name for rung in report.rungs}
    if missing := [name for name in RUNGS if name not in reached]:
        items.append(f"Not reached: the {_rungs(missing)}.")
    if skipped := [rung for rung in report.rungs if rung.status == SKIPPED]:
        because = f", because '{report.first_failed_rung}' failed" if report.first_failed else ""
        items.append(f"Skipped: the {_rungs([rung.name for rung in skipped])}{because}.")
    items += _memory(report)
    if accuracy_rung.NAME not in reached:
        items.append("Final accuracy: not compared (--seeds N compares it over N paired seeds).")
    elif (rung := _taken(report, accuracy_rung.NAME)) and rung.status == INCONCLUSIVE:
        items.append(f"Final accuracy: compared and not decided. {rung.detail.rstrip('.')}.")
    if found["synthetic"]:
        items.append("CIFAR-10: the images were made up.")
    items += [
        f"Devices other than {found['device']}, and precisions other than {found['precision']}.",
        "Speed: a check takes no times.",
    ]
    return [[item] for item in items]


def _memory_text(steps: list[int]) -> str:
    """The steps that were taken one after the other, and those from a count that was loaded."""
    in_a_row, loaded = ([step for step in steps if (step > memory.STEPS) is after] for after in (False, True))
    texts = [f"{step:,} steps of Adam in a row" for step in in_a_row]
    if loaded:
        texts.append(f"one step from a loaded count of {_listed([f'{step - 1:,}' for step in loaded])}")
    return ", and ".join(texts)


def _data(found: Mapping[str, Any]) -> str:
    made_up = found["synthetic"]
    return f"{made_up:,} made-up training images" if made_up else "CIFAR-10"


def _left_out(rung: Rung) -> list[str]:
    return [f"{rung.name[:1].upper()}{rung.name[1:]}: {why.rstrip('.')}." for why in rung.left_out]


def _memory(report: Report) -> list[str]:
    """Which step counts the rung of memory did not see."""
    if _taken(report, MEMORY) is None:
        return []  # skipped, or not reached
    steps = steps_of_memory(report)
    items = [f"Memory of the optimizer beyond step {max(steps):,}."] if steps else []
    if further := [f"{count:,}" for count in memory.COUNTS if count + 1 not in steps]:
        why = "the backend does not give out and take in its optimizer's state"
        items.append(f"A step of Adam from a count of {_listed(further)}: {why}.")
    return items


def _taken(report: Report, name: str) -> Rung | None:
    return next((rung for rung in report.rungs if rung.name == name and rung.status != SKIPPED), None)


def _rungs(names: list[str]) -> str:
    return f"rung{'s' if len(names) > 1 else ''} {_listed(names)}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
