"""The clock of an epoch: it runs around the backend's own call, in the worker, and nothing else."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.guard.backend import calling, check_losses
from bench.worker import idle, resources
from impls.contract import Backend


@dataclass(frozen=True)
class Epoch:
    """One timed epoch.

    Attributes:
        seconds: of the backend's own call.
        losses: (steps,) float32.
        page_faults: of the process meanwhile.
        unfinished_seconds: how much longer it took to wait for the device and read the parameters right after it than
            to read them once more (`bench.worker.idle`).
    """

    seconds: float
    losses: np.ndarray
    page_faults: int
    unfinished_seconds: float


def timed_epoch(backend: Backend, train: Any, order: np.ndarray, lr: float) -> Epoch:
    """Train one epoch and time it.

    The contract has `train_epoch` return only when the device is idle.

    Args:
        backend: whose `train_epoch` is called.
        train: the training split, as its `to_device` returned it.
        order: (steps, batch) int64.
        lr: learning rate.

    Raises:
        BackendError: a method raised, or returned what the contract does not allow.
    """
    wait = idle.waiter(backend)
    with calling("train_epoch"):
        faults = resources.page_faults()
        begin = time.perf_counter()
        losses = backend.train_epoch(train, order, lr)
        seconds = time.perf_counter() - begin
        faults = resources.page_faults() - faults
    unfinished = idle.unfinished_seconds(backend, wait)
    return Epoch(seconds, check_losses(losses, len(order)), faults, unfinished)
