"""What a reader of the tables must know of the runs behind them: overhead, unsteadiness, and what was lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.base.environment import set_by_user
from bench.results.load import Device, Run
from bench.timing.stability import complaints

OLDER_WARNINGS = ("rounds scatter by ", "rounds grew ")
"""How the warnings begin whose rule was least to greatest, which more rounds made greater."""


def overhead_text(device: Device) -> str | None:
    """What the harness adds to a bare loop, in one sentence."""
    record = next((v.records["overhead"] for v in device.variants.values() if "overhead" in v.records), None)
    if record is None:
        return None
    processes, interval = len(set(record.get("blocks", [0]))), ""
    if processes > 1 and "ratio_low" in record:  # older files have an interval over the slices of one process
        interval = f" (95 % interval over processes {record['ratio_low']:.3f} to {record['ratio_high']:.3f})"
    where = f"in each of {processes} processes" if processes > 1 else "in one process, which shows no error of this"
    return (
        f"The harness's PyTorch training takes {record['ratio']:.3f}{interval} times as long as a bare loop, run in "
        f"turn with it {where} ({len(record['slice_seconds'])} pairs of {record['steps']} steps)."
    )


def warnings(device: Device) -> list[str]:
    """What was not steady, a sentence each."""
    found = [
        f"{v.label}, {kind}: {warning}."
        for v in device.variants.values()
        for kind, record in v.records.items()
        for warning in warnings_of_row(kind, record)
    ]
    return [f"{run.path.name}: {warning}." for run in device.runs for warning in run.warnings] + found


def warnings_of_row(kind: str, record: dict[str, Any]) -> list[str]:
    """The warnings of a row; where it has some of the older rule for scatter, that is judged anew by today's."""
    stored = record.get("warnings", [])
    kept = [warning for warning in stored if not warning.startswith(OLDER_WARNINGS)]
    seconds = record.get({"epoch": "epoch_seconds", "evaluation": "eval_seconds"}.get(kind, ""))
    if len(kept) == len(stored) or seconds is None or "blocks" not in record:
        return list(stored)
    return complaints(seconds, record["blocks"], record.get("control_seconds", [])) + kept


MOST_NAMED = 5
"""How many runs that have no table are named one by one."""


def left_out_text(others: Sequence[Device]) -> str:
    """Which other runs are not in a device's table, newest first, and why; empty where there are none."""
    if not others:
        return ""
    named = [f"{other.runs[-1].path.name} ({_about(other)})" for other in others[:MOST_NAMED]]
    named += [f"{len(others) - MOST_NAMED} older"] if len(others) > MOST_NAMED else []
    return (
        "All rows are of one run, the one that timed the most variants, so that they may be compared. "
        f"Left out: {'; '.join(named)}."
    )


def _about(device: Device) -> str:
    timed = f"{len(device.timed)} variant{'' if len(device.timed) == 1 else 's'} timed" if device.timed else "no epoch"
    return f"{device.date}, commit {device.runs[-1].commit}, {timed}"


def not_compared(device: Device) -> list[str]:
    """Why timed epochs were not compared with the baseline's, a sentence for each reason, with the variants."""
    labels: dict[str, list[str]] = {}
    for v in device.variants.values():
        if reason := v.get("epoch", "work", {}).get("not_compared"):
            labels.setdefault(reason, []).append(v.label)
    return [f"{', '.join(names)}: {reason}." for reason, names in labels.items()]


def environment_lines(device: Device) -> list[str]:
    """What the user set of the environment variables that change arithmetic or speed, e.g. "XLA_FLAGS=--x".

    What the harness sets for all its workers is in the results files, and is not shown.
    """
    records = [record for variant in device.variants.values() for record in variant.records.values()]
    known = [set_by_user(r["environment"], r["threads"]) for r in records if "environment" in r]
    lines = []
    for name in sorted({name for found in known for name in found}):
        values = dict.fromkeys(found.get(name, "(not set)") for found in known)
        lines.append(" ".join(f"{name}={' or '.join(values)}".split()))
    if known and len(known) < len(records):
        lines.append("not recorded for some rows")
    return lines


def specification_lines(device: Device) -> list[str]:
    """The specification that a device's verdicts are of, and the code; nothing where no row says so."""
    labelled = [(label, record) for label, v in device.variants.items() for record in v.records.values()]
    lines = versions_lines([(record.get("spec"), record.get("suite")) for _, record in labelled])
    codes = dict.fromkeys(f"{label} {record['code']}" for label, record in labelled if "code" in record)
    return [*lines, *([f"code: {', '.join(codes)}"] if codes else [])]


def versions_lines(stated: Sequence[tuple[int | None, str | None]]) -> list[str]:
    """Versions of specification and suite that rows or runs state, e.g. "specification 2, lenet-parity 0.1.0"."""
    lines = [f"specification {spec}, lenet-parity {suite}" for spec, suite in dict.fromkeys(stated) if spec]
    return [*lines, "specification 1 for those that state none"] if lines and (None, None) in stated else lines


def losses(run: Run) -> list[str]:
    """What a run could not measure and why, a line for each reason."""
    names: dict[str, list[str]] = {}
    for lost in run.lost:
        names.setdefault(lost["reason"], []).append(lost["name"])
    return [f"{', '.join(tests)}: {reason}" for reason, tests in names.items()]
