"""Rung 8: the loss at every one of the first steps of training, on images that hang on no rounding error."""

from __future__ import annotations

from bench.parity import noise, twins
from bench.parity.rungs.kind import Climb, Kind
from bench.parity.verdict import Measured


def train(climb: Climb) -> list[float]:
    """The losses of the first steps, from the initial parameters."""
    expected = climb.expected
    climb.backend.load_params(expected.params)
    losses = climb.backend.train_epoch(climb.train, expected.trajectory_order, expected.lr)
    return [float(value) for value in losses]


def compare(climb: Climb) -> list[Measured]:
    """The loss of each step, relative to the oracle's."""
    expected = climb.expected
    climb.losses = train(climb)
    results = []
    for k, (found, true) in enumerate(zip(climb.losses, expected.trajectory, strict=True)):
        detail = f"{found:.7g} where the oracle has {true:.7g}"
        error, allowed = abs(found / true - 1), float(expected.trajectory_tolerance[k])
        results.append(Measured(error, allowed, f"the loss of step {k + 1}", {"step": k + 1}, detail))
    return results


def causes(climb: Climb, failed: Measured) -> list[str]:
    """Batches that are not those of the order, told by their losses; otherwise the state between steps."""
    k = failed.place["step"] - 1
    if k == 0:
        return ["the first step's loss is not that of the first batch: the order given is not followed"]
    if climb.losses[k] == climb.losses[k - 1]:
        return ["the loss repeats that of the step before: a batch used twice"]
    if len(set(climb.losses)) == 1:
        return ["every step has the same loss: nothing is trained, or one batch is used throughout"]
    return [
        f"{k} steps agree and then the batch or the state is another: a batch repeated, dropped or shuffled, "
        "a learning rate or moments that are not kept through the epoch"
    ]


RUNG = Kind(
    "trajectory",
    "the loss of every one of the first steps stays as near as twins do",
    compare,
    f"{noise.SAFETY:g} × the farthest of {twins.TWINS} twins of the oracle in this precision, nudged by one unit in "
    "the last place at every step, × the factor by which they scatter at that step",
    causes,
)
