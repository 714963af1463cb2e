"""The table that answers first: agreement, time, accuracy and size, a row per variant."""

from __future__ import annotations

from bench.base.settings import BASELINE, PLAIN_LOOP, idiomatic
from bench.report.tables.cells import NOTHING, agreement_text, middle, number, ratio_text, spread_text, work_text
from bench.report.tables.table import Table
from bench.results.load import Device, Variant

AT_THE_END = "accuracy at the end"
"""The column of the accuracy after the last epoch."""


def main_table(device: Device) -> Table:
    """A row per variant: agreement, time, its ratio to the others', accuracy and size."""
    others = _other_baselines(device)
    header = [
        "variant",
        "agreement",
        "epoch, s",
        "spread, s",
        f"× {BASELINE}",
        f"× {PLAIN_LOOP}",
        "× its idiomatic sibling",
        *(f"× {other}" for other in others),
        "images/s",
        "first epoch, s",
        "second epoch, s",
        "trained alike",
        "test split, s",
        "accuracy after 1",
        AT_THE_END,
        "parameters",
    ]
    return Table(header, [_main_row(variant, others) for variant in device.variants.values()])


def _other_baselines(device: Device) -> list[str]:
    """What else variants were compared with, by `lenet-bench time --against` or where PyTorch is not installed."""
    return list(
        dict.fromkeys(
            other
            for v in device.variants.values()
            for other in v.get("epoch", "ratios", {})
            if other not in (BASELINE, PLAIN_LOOP, idiomatic(v.label))
        )
    )


def _main_row(v: Variant, others: list[str]) -> list[str]:
    seconds = v.get("epoch", "epoch_seconds", [])
    accuracies = v.get("training", "accuracy_per_epoch", [])
    return [
        v.label,
        # A row is no better than the worst verdict among its records.
        agreement_text(next((r for r in v.records.values() if r["verdict"] != "equivalent"), v.any_record)),
        middle(seconds),
        spread_text(seconds),
        ratio_text(v.records.get("epoch"), v.label, BASELINE),
        ratio_text(v.records.get("epoch"), v.label, PLAIN_LOOP),
        ratio_text(v.records.get("epoch"), v.label, idiomatic(v.label)),
        *(ratio_text(v.records.get("epoch"), v.label, other) for other in others),
        number(v.get("epoch", "images_per_second"), "{:,.0f}"),
        middle(v.get("first epoch", "first_epoch_seconds", [])),
        middle(v.get("epoch", "warmup_epoch_seconds", [])),
        work_text(v.get("epoch", "work", {})),
        middle(v.get("evaluation", "eval_seconds", [])),
        f"{accuracies[0]:.1%}" if accuracies else NOTHING,
        f"{accuracies[-1]:.1%} ({len(accuracies)} epochs)" if accuracies else NOTHING,
        number(v.get("agreement", "parameters_total"), "{:,}"),
    ]
