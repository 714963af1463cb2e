"""Results files of schema 2 that nothing measured: a good row of every kind, and timed rows with noise in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

Row = dict[str, Any]

COMMON: Row = {
    "schema": 2,
    "device": "cpu",
    "device_name": "Abacus, 2 cores",
    "precision": "fp32",
    "threads": 2,
    "recipe": "lecture",
    "batch_size": 100,
    "seed": 0,
    "quick": False,
    "data_fingerprint": "cifar10-x",
    "versions": {"python": "3.11.7", "numpy": "2.4.6", "torch": "2.14.1"},
    "verdict": "equivalent",
    "first_failed_rung": "",
    "outcome": "passed",
}
RUNG: Row = {
    "name": "loss",
    "status": "passed",
    "measured": 1e-7,
    "tolerance": 1e-6,
    "where": "loss (first batch)",
    "place": {"case": "first batch"},
    "detail": "",
    "causes": [],
    "seconds": 0.1,
}
FIGURES: dict[str, Row] = {
    "agreement": {
        "rungs": [RUNG, RUNG | {"name": "data", "status": "skipped", "measured": None, "tolerance": None}],
        "losses": [2.3, 2.2],
        "oracle_losses": [2.3, 2.2],
        "twin_distances": [0.0, 1e-7],
        "parameters": {"conv1.bias": 6},
        "parameters_total": 6,
    },
    "first epoch": {
        "import_seconds": [1.0, 1.1],
        "start_seconds": [2.0, 2.1],
        "to_device_seconds": [0.5, 0.6],
        "first_epoch_seconds": [3.1, 3.2],
        "control": "PyTorch loop",
        "control_seconds": [2.7, 2.8],
    },
    "epoch": {
        "epoch_seconds": [2.9, 3.0, 2.8, 2.9],
        "blocks": [0, 0, 1, 1],
        "warmup_epoch_seconds": [2.95],
        "work": {
            "baseline": "pytorch:eager",
            "twins": 3,
            "epochs": 4,
            "trained": 4,
            "share": 0.125,
            "where": "conv1.bias after epoch 4, block 2",
            "blocks": 2,
        },
        "control": "PyTorch loop",
        "control_seconds": [2.7, 2.8, 2.6, 2.7],
        "images_per_second": 17_241.4,
        "ratios": {"flax:jit": {"value": 0.4, "low": 0.3, "high": 0.5}, "flax:scan": {"value": 0.1}},
        "page_faults_per_step": 12.5,
        "peak_host_bytes": 1_000_000_000,
        "peak_device_bytes": 100_000_000,
        "device_busy_seconds": 1.5,
        "device_busy_share": 0.5,
        "kernels_per_step": 60,
        "energy_joules": 40.0,
        "epoch_flops": 1e11,
        "epoch_bytes": 1e10,
        "ceiling_flops_per_second": 1e12,
        "ceiling_bytes_per_second": 1e11,
        "floor_seconds": 0.1,
        "ceiling_share": 0.03,
    },
    "evaluation": {
        "eval_seconds": [0.35, 0.36, 0.35, 0.34],
        "blocks": [0, 0, 1, 1],
        "control": "PyTorch loop",
        "control_seconds": [2.7, 2.8, 2.6, 2.7],
        "warmup_eval_seconds": [0.7, 0.71],
        "latency_seconds_batch_1": [0.0002, 0.0003],
        "latency_seconds_batch_100": [0.003, 0.004],
    },
    "training": {
        "losses": [2.1, 1.9],
        "accuracy_per_epoch": [0.284, 0.3217],
        "final_accuracy": 0.3217,
        "first_epoch_seconds": 3.0,
        "epoch_seconds": [3.0, 2.9],
        "eval_seconds": [1.0, 0.4],
        "total_seconds": 7.3,
    },
    "overhead": {
        "steps": 100,
        "slice_seconds": [0.56, 0.57],
        "baseline": "bare loop",
        "baseline_seconds": [0.57, 0.58],
        "blocks": [0, 1],
        "ratio": 0.98,
        "ratio_low": 0.97,
        "ratio_high": 0.99,
    },
}


def row(kind: str, label: str = "pytorch:eager", **more: Any) -> Row:
    """A good row of a kind, with some of its values replaced."""
    backend, variant = label.split(":")
    return COMMON | {"kind": kind, "backend": backend, "variant": variant} | FIGURES[kind] | more


def content(*rows: Row, **top: Any) -> dict[str, Any]:
    """What a file with these rows holds."""
    return {
        "run": {"schema": 2, "complete": True, "options": {"seed": 0}, "code": "0123abcd", "warnings": []},
        "lost": [],
        "benchmarks": [{"extra_info": each, "name": "test_epoch", "stats": {"median": 2.9}} for each in rows],
        "commit_info": {"id": "0123456789abcdef", "dirty": False},
        "datetime": "2026-01-01T00:00:00+00:00",
        "machine_info": {"node": "vm"},
        "version": "5.3.1",
        **top,
    }


def store(path: Path, *rows: Row, **top: Any) -> Path:
    path.write_text(json.dumps(content(*rows, **top)))
    return path


KINDS = ("start", "first", "epoch", "evaluation", "latency")
"""Of times, as `timed` has factors for them."""

PROCESS, ROUND = 0.02, 0.025
"""Relative standard deviations: fresh processes of one program among each other, and rounds within one."""


def timed(
    rng: np.random.Generator,
    label: str = "pytorch:eager",
    *,
    blocks: int = 4,
    rounds: int = 2,
    machine: float = 1.0,
    run: float = 0.0,
    **factors: float,
) -> list[Row]:
    """The timed rows of one variant.

    Args:
        rng: where noise comes from.
        label: of the variant.
        blocks: of fresh processes.
        rounds: in each.
        machine: how many times as long everything takes on this machine; it wanders by 10 % from block to block.
        run: relative standard deviation of what a run does to each of this variant's times, and not to the control's.
        factors: how many times as long one of these takes: start, first, epoch, evaluation, latency.
    """
    own = {what: float(np.exp(run * rng.standard_normal())) for what in KINDS} if run else {}
    speed = machine * np.exp(0.1 * rng.standard_normal((blocks, 1)))

    def seconds(what: str, typical: float, rounds: int = rounds) -> Any:
        noise = PROCESS * rng.standard_normal((blocks, 1)) + ROUND * rng.standard_normal((blocks, rounds))
        return typical * factors.get(what, 1.0) * own.get(what, 1.0) * speed * np.exp(noise)

    def flat(values: Any) -> list[float]:
        return [float(value) for value in values.ravel()]

    control = seconds("control", 2.8)
    shared: Row = {"blocks": [int(b) for b in np.repeat(np.arange(blocks), rounds)], "control_seconds": flat(control)}
    return [
        row(
            "first epoch",
            label,
            import_seconds=flat(seconds("start", 1.0, 1)),
            start_seconds=flat(seconds("start", 2.0, 1)),
            to_device_seconds=flat(seconds("start", 0.5, 1)),
            first_epoch_seconds=flat(seconds("first", 3.1, 1)),
            control_seconds=flat(control.mean(axis=1)),
        ),
        row("epoch", label, epoch_seconds=flat(seconds("epoch", 2.9)), **shared),
        row(
            "evaluation",
            label,
            eval_seconds=flat(seconds("evaluation", 0.35)),
            latency_seconds_batch_1=flat(seconds("latency", 2e-4, 1)),
            latency_seconds_batch_100=flat(seconds("latency", 3e-3, 1)),
            **shared,
        ),
    ]


def run_rows(seed: int, labels: Sequence[str] = ("pytorch:eager", "flax:jit"), **factors: Any) -> list[Row]:
    """The timed rows of several variants of one run."""
    rng = np.random.default_rng(seed)
    return [each for label in labels for each in timed(rng, label, **factors)]
