"""The table of what a variant needs."""

from __future__ import annotations

from pathlib import Path

from bench.report.pages import read_runs
from bench.report.tables.resources import resource_table
from bench.results.load import devices
from made_up_schema_1 import EPOCH, record, store


def test_what_a_variant_needs(tmp_path: Path) -> None:
    limit = {"ceiling_flops_per_second": 2e11, "ceiling_bytes_per_second": 3e10, "floor_seconds": 0.8}
    epoch = EPOCH | limit | {"peak_host_bytes": 1_500_000_000, "page_faults_per_step": 3.0, "ceiling_share": 0.2}
    latency = record("evaluation", eval_seconds=[0.4], latency_seconds_batch_1=[0.002, 0.004, 0.003])
    store(tmp_path, "a", "2026-01-01", epoch, latency)
    [device] = devices(read_runs(tmp_path))
    table = resource_table(device)
    assert table
    shown = {row[0]: row[1] for row in table.upright().rows}
    assert shown == {
        "latency of 1 image, ms": "3.00",
        "host memory, MB": "1,500",
        "page faults a step": "3",
        "large matrix product, GFLOP/s": "200",
        "large copy, GB/s": "30.0",
        "floor of an epoch, s": "0.8",
        "share of the limit reached": "20.0%",
    }
