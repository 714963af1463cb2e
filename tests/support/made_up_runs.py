"""Training runs that nobody trained."""

from __future__ import annotations

from typing import Any

from bench.base.settings import BASELINE
from bench.training.run import SCHEMA, TrainingRun, data_set_of


def made(label: str = BASELINE, seed: int = 0, final: float = 0.45, **fields: Any) -> TrainingRun:
    """A run as it might have been stored."""
    backend, _, variant = label.rpartition(":")
    values: dict[str, Any] = {
        "schema": SCHEMA,
        "backend": backend,
        "variant": variant,
        "twin": False,
        "device": "cpu",
        "device_name": "Abacus, 2 cores",
        "precision": "fp32",
        "spec": None,
        "suite": None,
        "threads": 2,
        "concurrent": 1,
        "recipe": "lecture",
        "batch_size": 100,
        "seed": seed,
        "channels": 3,
        "data_fingerprint": "cifar10-x",
        "versions": {"python": "3.11.7", backend: "2.14.1"},
        "code": "c0de",
        "environment": None,
        "commit": "0123456789",
        "date": f"2026-01-01T00:00:{seed:02}+00:00",
        "resumed_after": [],
        "losses": [2.0, 1.5],
        "first_epoch_losses": [2.3, 2.2, 2.1],
        "accuracy_per_epoch": [0.3, final],
        "epoch_seconds": [4.0, 4.0],
        "eval_seconds": [0.5, 0.5],
        "total_seconds": 9.0,
        "test_losses": [],
        "moved": [],
        "confusion": [],
        "weight_change": {"conv1.weight": 0.5},
    }
    values |= fields
    return TrainingRun(**{"data_set": data_set_of(values["data_fingerprint"])} | values)
