"""Short beginnings of training from several seeds: what replicas that are trained at once are held against."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bench.parity import twins
from impls.data import Split
from impls.spec import Params, epoch_order, initial_params

REPLICAS = 3
STEPS = 6
"""Enough for moments, their bias correction and a second call; a CPU takes its time over so many at once."""

EPOCHS = 4
"""Orders that are gone through for images: of a small split, few are decisive."""


class Beginning(NamedTuple):
    """The first steps of training from one seed, on decisive images.

    Attributes:
        params: canonical initial parameters.
        order: (steps, batch) int64.
        losses: (steps,) float64, the oracle's.
        tolerance: (steps,) relative.
    """

    params: Params
    order: np.ndarray
    losses: np.ndarray
    tolerance: np.ndarray


def beginnings(train: Split, first: Beginning, *, seed: int, batch: int, lr: float, precision: str) -> list[Beginning]:
    """`REPLICAS` beginnings of equal length, an even number of steps, each with parameters and an order of its own.

    Args:
        train: the training split.
        first: one of them, of ``seed``; it may be longer.
        seed: the others are of the next ones.
        batch: images per step.
        lr: learning rate.
        precision: whose noise the tolerances are made of.
    """
    found = [first]
    for other in range(seed + 1, seed + REPLICAS):
        params = initial_params(other)
        queue = np.concatenate([epoch_order(other, k, len(train), batch).ravel() for k in range(EPOCHS)])
        steps, run = twins.oracle_run(train, queue, [(batch, lr)] * STEPS, params)
        tolerance = twins.envelope(twins.distances(twins.twin_runs(train, steps, params, precision), run.losses))
        found.append(Beginning(params, np.array([step.indices for step in steps]), run.losses, tolerance))
    size = min(STEPS, *(len(each.order) for each in found)) // 2 * 2
    return [Beginning(p, order[:size], losses[:size], within[:size]) for p, order, losses, within in found]
