"""Parameters, layer by layer."""

from __future__ import annotations

from bench.report.tables.table import Table
from bench.results.load import Device
from impls.spec import PARAMETERS_TOTAL_GREY


def parameter_table(device: Device) -> Table | None:
    """Parameters per layer, the same for every variant that agrees."""
    counts = next((c for v in device.variants.values() if (c := v.get("agreement", "parameters"))), None)
    if counts is None:
        return None
    rows = [[name, f"{count:,}"] for name, count in counts.items()]
    rows.append(["total", f"{sum(counts.values()):,}"])
    rows.append(["total of the grey-scale LeNet", f"{PARAMETERS_TOTAL_GREY:,}"])
    return Table(["parameter", "elements"], rows)
