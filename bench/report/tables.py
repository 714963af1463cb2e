"""Records to tables of text: one function a table, for the terminal and for Markdown alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.report.load import Device, Variant
from bench.settings import BASELINE, PLAIN_LOOP, idiomatic
from impls.spec import PARAMETERS_TOTAL_GREY

NOTHING = "–"
"""Shown where a figure was not measured."""


@dataclass(frozen=True)
class Table:
    """A table of text; every row is as long as the header."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def upright(self) -> Table:
        """Rows for columns, so that many figures of few things fit a page; figures that nothing has are left out."""
        names, *columns = zip(*self.rows, strict=True)
        figures = zip(self.header[1:], columns, strict=True)
        shown = [[figure, *values] for figure, values in figures if set(values) != {NOTHING}]
        return Table([self.header[0], *names], shown)


def main_table(device: Device) -> Table:
    """A row per variant: agreement, time, its ratio to the others', accuracy and size."""
    header = [
        "variant",
        "agreement",
        "epoch, s",
        "spread, s",
        f"× {BASELINE}",
        f"× {PLAIN_LOOP}",
        "× its idiomatic sibling",
        "images/s",
        "first epoch, s",
        "test split, s",
        "accuracy after 1",
        "at the end",
        "parameters",
    ]
    return Table(header, [_main_row(variant) for variant in device.variants.values()])


def _main_row(v: Variant) -> list[str]:
    seconds = v.get("epoch", "epoch_seconds", [])
    accuracies = v.get("training", "accuracy_per_epoch", [])
    return [
        v.label,
        # Its records may come from several runs; a row is no better than the worst verdict among them.
        agreement_text(next((r for r in v.records.values() if r["verdict"] != "equivalent"), v.any_record)),
        middle(seconds),
        spread_text(seconds),
        ratio_text(v.records.get("epoch"), v.label, BASELINE),
        ratio_text(v.records.get("epoch"), v.label, PLAIN_LOOP),
        ratio_text(v.records.get("epoch"), v.label, idiomatic(v.label)),
        number(v.get("epoch", "images_per_second"), "{:,.0f}"),
        middle(v.get("first epoch", "first_epoch_seconds", [])),
        middle(v.get("evaluation", "eval_seconds", [])),
        f"{accuracies[0]:.1%}" if accuracies else NOTHING,
        f"{accuracies[-1]:.1%} ({len(accuracies)} epochs)" if accuracies else NOTHING,
        number(v.get("agreement", "parameters_total"), "{:,}"),
    ]


def number(value: Any, form: str) -> str:
    """A figure as text, where it was measured."""
    return NOTHING if value is None else form.format(value)


def middle(values: list[float], form: str = "{:.2f}") -> str:
    """The median as text, where anything was measured."""
    return form.format(median(values)) if values else NOTHING


def agreement_text(record: dict[str, Any]) -> str:
    """The verdict that a record was measured under."""
    if record["verdict"] == "equivalent":
        return "equivalent"
    return f"{record['verdict']} ({record['first_failed_rung']})"


def spread_text(seconds: list[float]) -> str:
    """Least and greatest of the rounds, and how many there were."""
    if not seconds:
        return NOTHING
    if len(seconds) == 1:
        return "1 round"
    return f"{min(seconds):.2f}–{max(seconds):.2f} ({len(seconds)})"


def ratio_text(record: dict[str, Any] | None, label: str, other: str) -> str:
    """The ratio to another variant with its 95 % interval; in words where it cannot be told from 1."""
    if record is None:
        return NOTHING
    if label == other:
        return "1"
    ratio = record.get("ratios", {}).get(other)
    if ratio is None:
        return NOTHING
    value, low, high = (f"{ratio[key]:#.3g}" if key in ratio else "" for key in ("value", "low", "high"))
    if not low:
        return f"{value} (one pair)"
    if ratio["low"] <= 1 <= ratio["high"]:
        return f"not distinguishable ({low}–{high})"
    return f"{value} ({low}–{high})"


def accuracy_table(device: Device) -> Table | None:
    """Loss and accuracy after every epoch, a pair of columns per trained variant."""
    trained = [v for v in device.variants.values() if "training" in v.records]
    if not trained:
        return None
    header = ["epoch"]
    for v in trained:
        header += [f"{v.label} loss", "accuracy"]
    rows = []
    for epoch in range(max(len(v.records["training"]["losses"]) for v in trained)):
        row = [str(epoch + 1)]
        for v in trained:
            record = v.records["training"]
            has = epoch < len(record["losses"])
            row += [f"{record['losses'][epoch]:.4f}", f"{record['accuracy_per_epoch'][epoch]:.2%}"] if has else [""] * 2
        rows.append(row)
    return Table(header, rows)


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
    if rung is None or rung["status"] == "skipped":
        return NOTHING
    if rung["status"] == "reported":
        return f"no: {rung['detail']}"
    if rung["tolerance"] == 0:
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


def parameter_table(device: Device) -> Table | None:
    """Parameters per layer, the same for every variant that agrees."""
    counts = next((c for v in device.variants.values() if (c := v.get("agreement", "parameters"))), None)
    if counts is None:
        return None
    rows = [[name, f"{count:,}"] for name, count in counts.items()]
    rows.append(["total", f"{sum(counts.values()):,}"])
    rows.append(["total of the grey-scale LeNet", f"{PARAMETERS_TOTAL_GREY:,}"])
    return Table(["parameter", "elements"], rows)
