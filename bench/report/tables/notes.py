"""What a reader of the tables must know of the runs behind them: overhead, unsteadiness, and what was lost."""

from __future__ import annotations

from bench.base.environment import set_by_user
from bench.results.load import Device, Run


def overhead_text(device: Device) -> str | None:
    """What the harness adds to a bare loop, in one sentence."""
    record = next((v.records["overhead"] for v in device.variants.values() if "overhead" in v.records), None)
    if record is None or "ratio_low" not in record:
        return None
    return (
        f"The harness's PyTorch training takes {record['ratio']:.3f} (95 % interval {record['ratio_low']:.3f} to "
        f"{record['ratio_high']:.3f}) times as long as a bare loop, run in turn with it in the same process "
        f"({len(record['slice_seconds'])} pairs of {record['steps']} steps)."
    )


def warnings(device: Device) -> list[str]:
    """What was not steady, a sentence each."""
    found = [
        f"{v.label}, {kind}: {warning}."
        for v in device.variants.values()
        for kind, record in v.records.items()
        for warning in record.get("warnings", [])
    ]
    return [f"{run.path.name}: {warning}." for run in device.runs for warning in run.warnings] + found


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


def losses(run: Run) -> list[str]:
    """What a run could not measure and why, a line for each reason."""
    names: dict[str, list[str]] = {}
    for lost in run.lost:
        names.setdefault(lost["reason"], []).append(lost["name"])
    return [f"{', '.join(tests)}: {reason}" for reason, tests in names.items()]
