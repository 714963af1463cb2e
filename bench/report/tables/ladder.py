"""What the parity ladder found: each rung's worst comparison, and the losses of its trajectory."""

from __future__ import annotations

from typing import Any

from bench.base.settings import BASELINE
from bench.report.tables.cells import NOTHING
from bench.report.tables.table import Table
from bench.results.load import Device


def ladder_table(device: Device) -> Table | None:
    """Each rung's worst comparison over its tolerance, a column per variant."""
    checked = [v for v in device.variants.values() if "agreement" in v.records]
    if not checked:
        return None
    names = [rung["name"] for rung in checked[0].records["agreement"]["rungs"]]
    rows = [[name, *(_rung_text(v.records["agreement"]["rungs"], name) for v in checked)] for name in names]
    return Table(["rung", *(v.label for v in checked)], rows)


def _rung_text(rungs: list[dict[str, Any]], name: str) -> str:
    rung = next((rung for rung in rungs if rung["name"] == name), None)
    if rung is None:
        return NOTHING
    if rung["status"] == "skipped":
        return "skipped"
    if rung["status"] == "reported":
        return f"no: {rung['detail']}"
    if not rung["tolerance"]:  # exact, or nothing was compared
        return "exact" if rung["status"] == "passed" else f"FAILED: {rung['where']}"
    text = f"{rung['measured']:.1e} of {rung['tolerance']:.1e}"
    return text if rung["status"] == "passed" else f"FAILED: {text}, {rung['where']}"


def trajectory_table(device: Device) -> Table | None:
    """How far the losses of the ladder's trajectory are apart: from the oracle, from PyTorch, and among twins."""
    checked = [v for v in device.variants.values() if v.get("agreement", "losses")]
    if not checked:
        return None
    record = checked[0].records["agreement"]
    oracle, twins = record["oracle_losses"], record["twin_distances"]
    steps = [step for step in (1, 10, 20, 50, 75, 100) if step <= len(oracle)]
    baseline = next((v for v in checked if v.label == BASELINE), None)
    rows = [
        [
            "the farthest of the oracle's float32 twins, nudged by 1 ulp a step",
            *(f"{twins[s - 1]:.0e}" for s in steps),
        ]
    ]
    for v in checked:
        rows.append([f"{v.label} from the oracle", *_apart(v.records["agreement"]["losses"], oracle, steps)])
    for v in checked:
        if baseline and v is not baseline:
            theirs = baseline.records["agreement"]["losses"]
            rows.append([f"{v.label} from {BASELINE}", *_apart(v.records["agreement"]["losses"], theirs, steps)])
    return Table(["largest relative difference of the loss, up to step", *map(str, steps)], rows)


def _apart(a: list[float], b: list[float], steps: list[int]) -> list[str]:
    differences = [abs(x / y - 1) for x, y in zip(a, b, strict=True)]
    return [f"{max(differences[:step]):.0e}" if any(differences[:step]) else "0" for step in steps]
