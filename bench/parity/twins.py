"""How far may two correct runs drift apart? Twins show it: runs in one precision, nudged by 1 ulp at every step.

They begin one unit in the last place of that precision's products away: its roundings are then drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


class Step(NamedTuple):
    """One step of training: (batch,) int64 indices into the training split, and the learning rate."""

    indices: np.ndarray
    lr: float


class Run(NamedTuple):
    """Losses (steps,) float64, and the parameters after the last step."""

    losses: np.ndarray
    params: Params


def oracle_run(
    train: Split, queue: np.ndarray, plan: Sequence[tuple[int, float]], params: Params
) -> tuple[list[Step], Run]:
    """Train the oracle on batches of decisive images, so that no kink decides how far correct runs drift apart.

    With the images as they come, whether and when a run crosses its first kink is a matter of luck, a handful of
    twins do not show it, and a sound backend is accused now and then.

    Args:
        train: the training split.
        queue: (N,) images in the order in which they are tried; those that a rounding error decides are passed over.
        plan: batch size and learning rate of each step.
        params: canonical initial parameters.

    Returns:
        The steps, all of the plan or as many as the queue yields; and the run.
    """
    steps: list[Step] = []
    position = 0

    def next_step(current: Params) -> Step | None:
        nonlocal position
        if len(steps) == len(plan):
            return None
        batch, lr = plan[len(steps)]
        chosen = np.empty(0, np.int64)
        while len(chosen) < batch and position < len(queue):
            tried = queue[position : position + batch]
            position += batch
            chosen = np.concatenate([chosen, decisive(current, train, tried)])
        if len(chosen) < batch:
            return None
        steps.append(Step(chosen[:batch], lr))
        return steps[-1]

    run = _train(train, next_step, network.as_float64(params))
    return steps, run


def _train(
    train: Split,
    next_step: Callable[[Params], Step | None],
    params: Params,
    *,
    matmul: network.MatMul = np.matmul,
    sum_loss: network.MatMul = np.matmul,
    after_step: Callable[[Params], Params] = lambda params: params,
) -> Run:
    """Train until there is no further step; the parameters' dtype is the computation's."""
    adam, losses = Adam(), []
    while (step := next_step(params)) is not None:
        labels = train.labels[step.indices]
        log_probs, a = network.forward(params, train.images[step.indices], matmul)
        losses.append(network.loss(log_probs, labels, sum_loss))
        params = after_step(adam.step(params, network.backward(params, a, labels, matmul), step.lr))
    return Run(np.array(losses), params)


def _replay(steps: Sequence[Step]) -> Callable[[Params], Step | None]:
    """Steps that were chosen before, whatever the parameters are now."""
    remaining = iter(steps)
    return lambda _: next(remaining, None)


def twin_runs(train: Split, steps: Sequence[Step], params: Params, precision: str) -> list[Run]:
    """`TWINS` runs through the same steps.

    Each sums its loss a term at a time in an order of its own: of a sum of some hundred terms that are alike, this is
    much of the error.
    """
    matmul, runs = in_precision(precision, np.matmul), []
    for twin in range(TWINS):
        rng = np.random.default_rng(twin)
        start = noise.nudged(params, rng, MANTISSA_BITS[precision])
        after_step = partial(noise.nudged, rng=rng)
        sum_loss = noise.sequential_matmul(rng)
        runs.append(_train(train, _replay(steps), start, matmul=matmul, sum_loss=sum_loss, after_step=after_step))
    return runs


def distances(runs: Sequence[Run], truth: np.ndarray) -> np.ndarray:
    """How far each twin's loss has been from the oracle's, up to every step: (TWINS, steps), relative.

    The largest difference so far, since runs that have parted come close again only by chance.
    """
    return np.maximum.accumulate(np.abs(np.array([run.losses for run in runs]) / truth - 1), axis=1)


def envelope(twins: np.ndarray) -> np.ndarray:
    """How far a correct run may be from the oracle, at every step or of every parameter.

    The farthest twin, times the factor by which it is beyond the middle one, times `noise.SAFETY` because they are few.
    On a scale of logarithms, a correct run may so lie as far beyond the farthest twin as that lies beyond the median,
    and by log 4 more. Only how far twins spread outwards counts: one that happens to stay near the oracle moves neither
    the farthest nor the median of four, and so widens nothing. How seldom this accuses a correct run is in
    `docs/statistics.md`.

    Args:
        twins: (twins, n) distances.

    Returns:
        (n,) distances.
    """
    clipped = np.maximum(twins, float(np.finfo(np.float32).eps))  # a float32 loss cannot be closer than this
    farthest = clipped.max(axis=0)
    return noise.SAFETY * farthest * (farthest / np.median(clipped, axis=0))
