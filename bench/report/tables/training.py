"""Loss and accuracy of a benchmark's training, epoch by epoch."""

from __future__ import annotations

from bench.report.tables.table import Table
from bench.results.load import Device


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
