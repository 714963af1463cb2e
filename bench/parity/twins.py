"""How far may two correct runs drift apart? Twins show it: runs in one precision, nudged by 1 ulp at every step.

They begin one unit in the last place of that precision's products away: its roundings are then drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from bench.parity import noise
from bench.parity.decisive import decisive
from impls.data import Split
from impls.reference import network
from impls.reference.adam import Adam
from impls.reference.rounding import MANTISSA_BITS, in_precision
from impls.spec import Params

TRAJECTORY_STEPS = 100
TWINS = 4


def oracle_run(
    train: Split, queue: np.ndarray, batch: int, params: Params, lr: float, most: int = TRAJECTORY_STEPS
) -> tuple[np.ndarray, Run]:
    """Train the oracle on batches of decisive images, so that no kink decides how far correct runs drift apart.

    With the images as they come, whether and when a run crosses its first kink is a matter of luck, a handful of
    twins do not show it, and a sound backend is accused now and then.

    Args:
        train: the training split.
        queue: (N,) images in the order in which they are tried; those that hang on a rounding error are passed over.
        batch: images per step.
        params: canonical initial parameters.
        lr: learning rate.
        most: steps.

    Returns:
        The batches, (steps, batch) int64: ``most`` of them, or as many as the queue yields; and the run.
    """
    steps: list[np.ndarray] = []
    position = 0

    def next_batch(current: Params) -> np.ndarray | None:
        nonlocal position
        chosen = np.empty(0, np.int64)
        while len(chosen) < batch and position < len(queue):
            tried = queue[position : position + batch]
            position += batch
            chosen = np.concatenate([chosen, decisive(current, train, tried)])
        if len(steps) == most or len(chosen) < batch:
            return None
        steps.append(chosen[:batch])
        return steps[-1]

    run = _train(train, next_batch, network.as_float64(params), lr)
    return np.array(steps), run


class Run(NamedTuple):
    """Losses (steps,) float64, and the parameters after the last step."""

    losses: np.ndarray
    params: Params


def _train(
    train: Split,
    next_batch: Callable[[Params], np.ndarray | None],
    params: Params,
    lr: float,
    *,
    matmul: network.MatMul = np.matmul,
    sum_loss: network.MatMul = np.matmul,
    after_step: Callable[[Params], Params] = lambda params: params,
) -> Run:
    """Train until there is no further batch; the parameters' dtype is the computation's."""
    adam, losses = Adam(), []
    while (indices := next_batch(params)) is not None:
        labels = train.labels[indices]
        log_probs, a = network.forward(params, train.images[indices], matmul)
        losses.append(network.loss(log_probs, labels, sum_loss))
        params = after_step(adam.step(params, network.backward(params, a, labels, matmul), lr))
    return Run(np.array(losses), params)


def _replay(steps: np.ndarray) -> Callable[[Params], np.ndarray | None]:
    """Batches that were chosen before, whatever the parameters are now."""
    batches = iter(steps)
    return lambda _: next(batches, None)


def distances(
    train: Split, steps: np.ndarray, params: Params, lr: float, truth: np.ndarray, precision: str
) -> np.ndarray:
    """How far each twin has been from the oracle, up to every step: (TWINS, steps), relative.

    Each sums its loss a term at a time in an order of its own: of a sum of some hundred terms that are alike, this is
    much of the error.
    The largest difference so far, since runs that have parted come close again only by chance.
    """
    matmul, runs = in_precision(precision, np.matmul), []
    for twin in range(TWINS):
        rng = np.random.default_rng(twin)
        start = noise.nudged(params, rng, MANTISSA_BITS[precision])
        after_step = partial(noise.nudged, rng=rng)
        runs.append(
            _train(
                train,
                _replay(steps),
                start,
                lr,
                matmul=matmul,
                sum_loss=noise.sequential_matmul(rng),
                after_step=after_step,
            )
        )
    return np.maximum.accumulate(np.abs(np.array([run.losses for run in runs]) / truth - 1), axis=1)


def envelope(twins: np.ndarray) -> np.ndarray:
    """How far a correct run may be from the oracle, at every step.

    The farthest twin, times the factor by which the twins scatter at that step, times `noise.SAFETY` because they
    are few.
    """
    clipped = np.maximum(twins, float(np.finfo(np.float32).eps))  # a float32 loss cannot be closer than this
    farthest, nearest = clipped.max(axis=0), clipped.min(axis=0)
    return noise.SAFETY * farthest * (farthest / nearest)
