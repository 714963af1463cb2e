"""What a variant needs beside its epochs' time, and how far it is from what the device could do."""

from __future__ import annotations

from bench.report.tables.cells import NOTHING, middle, number
from bench.report.tables.table import Table
from bench.results.load import Device, Variant

TITLE = "What it needs, and how near to the device's limit it comes"
READING = """*Latency* is from NumPy in to NumPy out. *Host memory* is the worker's peak, the data set mapped from disk
included. The *floor* is what an epoch would take if the device did nothing but the network's multiplications and
additions, at the rate of a large matrix product, or moved nothing but the bytes that no implementation can leave in
place, at the rate of a large copy, whichever is longer (the roofline model). Each framework measured both rates; the
floor is made of the greater of them, for that is what the device can do. Gradients are counted in full: the tuned
variants leave out the three quarters of them that max-pooling makes zero. Figures that nothing has are left out:
device memory, activity and energy need a GPU or a counter that we may read."""


def resource_table(device: Device) -> Table | None:
    """A row per variant that was timed; None where none was."""
    timed = [v for v in device.variants.values() if "epoch" in v.records and "peak_host_bytes" in v.records["epoch"]]
    if not timed:
        return None
    header = [
        "variant",
        "import, s",
        "start-up with import, s",
        "data to the device, s",
        "latency of 1 image, ms",
        "latency of 100 images, ms",
        "host memory, MB",
        "device memory, MB",
        "page faults a step",
        "device busy",
        "kernels a step",
        "energy an epoch, J",
        "large matrix product, GFLOP/s",
        "large copy, GB/s",
        "floor of an epoch, s",
        "share of the limit reached",
    ]
    return Table(header, [_row(v) for v in timed])


def _row(v: Variant) -> list[str]:
    def figure(key: str, form: str, unit: float = 1.0) -> str:
        value = v.get("epoch", key)
        return NOTHING if value is None else form.format(value / unit)

    def milliseconds(batch: int) -> str:
        return middle([1e3 * s for s in v.get("evaluation", f"latency_seconds_batch_{batch}", [])], "{:.2f}")

    return [
        v.label,
        *(middle(v.get("first epoch", key, [])) for key in ("import_seconds", "start_seconds", "to_device_seconds")),
        milliseconds(1),
        milliseconds(100),
        figure("peak_host_bytes", "{:,.0f}", 1e6),
        figure("peak_device_bytes", "{:,.0f}", 1e6),
        number(v.get("epoch", "page_faults_per_step"), "{:,.0f}"),
        number(v.get("epoch", "device_busy_share"), "{:.0%}"),
        figure("kernels_per_step", "{:,.0f}"),
        figure("energy_joules", "{:,.1f}"),
        figure("ceiling_flops_per_second", "{:,.0f}", 1e9),
        figure("ceiling_bytes_per_second", "{:,.1f}", 1e9),
        figure("floor_seconds", "{:.2g}"),
        figure("ceiling_share", "{:.1%}"),
    ]
