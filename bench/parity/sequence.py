"""Calls of mixed batch sizes and learning rates, one after another: state that shows only when nothing is reloaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from bench.parity import noise, twins
from impls.data import Split
from impls.errors import LenetError
from impls.reference.network import as_float64
from impls.spec import Params, epoch_order

SHORT = 37
"""Images of a batch that is shorter than the others; it divides nothing."""

EPOCHS = 30
"""Orders that are searched for images: of a small split, few are decisive."""


class Call(NamedTuple):
    """One call of `train_epoch`: (steps, batch) int64, and the learning rate."""

    order: np.ndarray
    lr: float


class Sequence(NamedTuple):
    """Calls of `train_epoch` and what comes of them, if nothing is loaded after the first.

    Attributes:
        calls: in order.
        losses: (steps,) float64, of all calls, the oracle's.
        tolerance: (steps,) relative.
        params: canonical parameters after the last call, float64.
        distance: by parameter, the largest root mean square of the difference from ``params``, in units of the root
            mean square of their way from the initial parameters.
    """

    calls: list[Call]
    losses: np.ndarray
    tolerance: np.ndarray
    params: Params
    distance: dict[str, float]


def plan(batch: int, lr: float) -> list[tuple[int, int, float]]:
    """Steps, batch size and learning rate of every call.

    Each size follows each other one, a size comes back after another, and so does a rate. One batch is larger than
    the usual ones.
    """
    return [
        (3, batch, lr),
        (2, SHORT, lr),
        (1, 1, lr),
        (3, batch, lr / 2),
        (1, 2 * batch + SHORT, lr),
        (2, SHORT, 2 * lr),
        (2, batch, lr),
    ]


def build(train: Split, params: Params, *, seed: int, batch: int, lr: float, precision: str) -> Sequence:
    """The sequence on decisive images, with tolerances made of twins (`bench.parity.twins`).

    Args:
        train: the training split.
        params: canonical initial parameters.
        seed: of the order in which images are tried.
        batch: images of a usual step.
        lr: learning rate of the first call.
        precision: whose noise makes the tolerances.

    Raises:
        LenetError: too few images are clear enough.
    """
    calls = plan(batch, lr)
    each_step = [(size, rate) for steps, size, rate in calls for _ in range(steps)]
    queue = np.concatenate([epoch_order(seed, k, len(train), batch).ravel() for k in range(1, EPOCHS)])
    steps, run = twins.oracle_run(train, queue, each_step, params)
    if len(steps) < len(each_step):
        raise LenetError(f"Of {len(train)} training images too few are clear enough for a sequence; use more.")
    runs = twins.twin_runs(train, steps, params, precision)
    apart = np.array([list(distances(each.params, run.params, params).values()) for each in runs])
    remaining = iter(steps)
    return Sequence(
        calls=[Call(np.array([next(remaining).indices for _ in range(many)]), rate) for many, _, rate in calls],
        losses=run.losses,
        tolerance=twins.envelope(twins.distances(runs, run.losses)),
        params=run.params,
        distance=dict(zip(params, map(float, twins.envelope(apart)), strict=True)),
    )


def distances(found: Params, true: Params, start: Params) -> dict[str, float]:
    """By parameter, how far it is from the true one, in units of the true one's way from the start; both as RMS."""
    begin = as_float64(start)
    return {name: _rms(found[name] - true[name]) / _rms(true[name] - begin[name]) for name in start}


def _rms(x: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(np.asarray(x, np.float64)))))


def steps_of(calls: list[Call]) -> Iterator[tuple[int, int]]:
    """(call, step within it) of every step, both from 0."""
    return ((c, k) for c, call in enumerate(calls) for k in range(len(call.order)))


SOURCE = (
    f"{noise.SAFETY:g} × the farthest of {twins.TWINS} twins of the oracle in this precision, nudged by one unit in "
    "the last place at every step, × the farthest over the median"
)
