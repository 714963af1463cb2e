"""Rung 8: the loss at every step: of a whole epoch at rate 0, and of the first steps of training, twice.

The whole epoch is the call that benchmarks time, in its own shape; at rate 0 each loss is that of its batch alone, so
that it shows which batches were trained on. A second whole epoch, at a rate too small to move a parameter, shows the
same of a program that takes a path of its own at rate 0. Then training is followed on images that no rounding error
decides. Where a backend trains several seeds at once, each is held to the same (`bench.parity.rungs.at_once`).
"""

from __future__ import annotations

import time

import numpy as np

from bench.parity import noise, twins
from bench.parity.rungs import at_once
from bench.parity.rungs.base import Climb, Kind, compare_bits
from bench.parity.rungs.trajectory_causes import AGAIN, EPOCH, FIRST, SMALL, VANISHING, causes
from bench.parity.verdict import Measured

AFFORDABLE = 10.0
"""Seconds: where a whole epoch takes longer, there is no second one."""


def compare(climb: Climb) -> list[Measured]:
    """The loss of each step, relative to the oracle's."""
    expected, backend = climb.expected, climb.backend
    backend.load_params(expected.params)
    begin = time.perf_counter()
    epoch = backend.train_epoch(climb.train, expected.order, 0.0)
    seconds = time.perf_counter() - begin
    after = backend.export_params()
    moved = sum(int((after[name] != value).sum()) for name, value in expected.params.items())
    summed = noise.summed_loss(expected.epoch_losses, expected.order.shape[1])
    tolerance = np.maximum(expected.cases[0].tolerance["loss"], summed)
    results = [compare_bits(epoch, f"losses of {EPOCH} without float32's bits", case=EPOCH)]
    if expected.precision == "bf16":
        results.append(_as_float32(epoch, expected.epoch_losses, summed))
    results += _steps(EPOCH, epoch, expected.epoch_losses, tolerance)
    results.append(Measured(float(moved), 0, f"parameters that moved in {EPOCH}", {"step": len(epoch)}))
    if seconds < AFFORDABLE:
        backend.load_params(expected.params)
        small = backend.train_epoch(climb.train, expected.order, VANISHING)
        results += _steps(SMALL, small, expected.epoch_losses, tolerance)
    else:
        climb.left_out.append(f"{SMALL}, since one at rate 0 took {seconds:.0f} s")
    climb.losses, climb.second_losses = _train(climb), _train(climb)
    for run, losses in ((FIRST, climb.losses), (AGAIN, climb.second_losses)):
        results += _steps(run, np.array(losses), expected.trajectory, expected.trajectory_tolerance)
    return results + at_once.compare(climb)


def _as_float32(found: np.ndarray, true: np.ndarray, explained: np.ndarray) -> Measured:
    """Whether the losses of an epoch are as exact as float32 makes them, which layers in bfloat16 do not.

    Their RMS error is compared with a quarter of what float32 explains at most. Layers in bfloat16 are 12 times as far
    off, float32 that sums one image after another half as far. (The losses of tf32 are as near as float32's.)
    """
    error, allowed = (float(np.sqrt(np.mean(np.square(x)))) for x in (found / true - 1, explained / noise.SAFETY))
    exact = error <= allowed
    detail = f"{error:.2g} off (RMS), where float32 explains {allowed:.2g}" if exact else ""
    return Measured(float(exact), 0, f"losses of {EPOCH} as exact as float32's", {"case": EPOCH}, detail)


def _train(climb: Climb) -> list[float]:
    """The losses of the first steps, from the initial parameters."""
    expected = climb.expected
    climb.backend.load_params(expected.params)
    losses = climb.backend.train_epoch(climb.train, expected.trajectory_order, expected.lr)
    return [float(value) for value in losses]


def _steps(run: str, found: np.ndarray, true: np.ndarray, tolerance: np.ndarray) -> list[Measured]:
    return [
        Measured(
            float(abs(found[k] / true[k] - 1)),
            float(tolerance[k]),
            f"the loss of step {k + 1} of {run}",
            {"case": run, "step": k + 1},
            f"{found[k]:.7g} where the oracle has {true[k]:.7g}",
            (found, true),
        )
        for k in range(len(true))
    ]


RUNG = Kind(
    "trajectory",
    "the loss of every step of an epoch is that of its batch, and the first steps of training stay as near as twins do",
    compare,
    "a whole epoch: as the loss of the first batch, or what adding up one image after another allows; "
    f"training: {noise.SAFETY:g} × the farthest of {twins.TWINS} twins of the oracle in this precision, nudged by one "
    "unit in the last place at every step, × the farthest over the median",
    causes,
)
