"""Losses that are not those of single steps, and training loops that go wrong from step to step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial

import numpy as np

from impls.reference import network
from impls.reference.adam import Adam
from impls.spec import Params

Array = np.ndarray
Batch = Callable[[Array], tuple[Array, Array]]


def instead_of_losses(true: Array) -> Iterator[tuple[str, Array]]:
    """What programs report in place of each step's own loss.

    Args:
        true: (steps,) losses, float64.
    """
    counts = np.arange(1, len(true) + 1)
    own = "; give each step's own, before its update"
    yield f"losses are running means over the epoch, as Keras' fit logs them{own}", true.cumsum() / counts
    yield f"losses are running sums over the epoch{own}", true.cumsum()
    for kept in (0.5, 0.9, 0.95, 0.98, 0.99):
        for corrected in (False, True):
            smooth = _smoothed(true, kept, corrected=corrected)
            yield f"losses are exponential means, {kept:g} of the last and {1 - kept:.2g} of the new{own}", smooth
    yield f"every loss is the mean over the epoch{own}", np.full_like(true, true.mean())
    overwritten = "a step's output is overwritten before it is read: copy it out of a compiled or captured step"
    yield f"every step reports the last step's loss: {overwritten}", np.full_like(true, true[-1])
    yield f"every step reports the first step's loss: {overwritten}", np.full_like(true, true[0])
    late = np.append(true[:1], true[:-1])
    yield f"each step reports the loss of the step before: {overwritten}", late
    early = np.append(true[1:], true[-1:])
    yield f"each step reports the loss of the next: {overwritten}", early


def _smoothed(true: Array, kept: float, *, corrected: bool) -> Array:
    mean, means = (0.0 if corrected else true[0]), []
    for k, value in enumerate(true, start=1):
        mean = kept * mean + (1 - kept) * value
        means.append(mean / (1 - kept**k) if corrected else mean)
    return np.array(means)


def in_training(start: Params, order: Array, lr: float, batch: Batch, first_wrong: int) -> Iterator[tuple[str, Array]]:
    """The losses of a call of `train_epoch`, (steps,) float64, as mistaken loops give them.

    Args:
        start: parameters before the call, float64.
        order: (steps, batch) int64.
        lr: learning rate.
        batch: gives images and labels of indices.
        first_wrong: the first step, from 0, whose loss is wrong.
    """
    run = partial(_trained, start, order, lr, batch)
    yield "losses are read after the update: give each step's own, before its update", run(after=True)
    yield "gradients are added up over the steps of a call: clear them before each step", run(added=True)
    yield "the parameters stay those of the first step through the call", run(fixed=True)
    yield "the moments and the step count are made anew in every step", run(renewed=range(1, len(order)))
    for k in range(max(1, first_wrong - 2), first_wrong + 1):
        cause = f"moments and step count are not kept through the call: they are made anew before step {k + 1}"
        yield cause, run(renewed=[k])
    for factor, words in ((0.5, "half"), (2.0, "twice"), (0.1, "a tenth of"), (10.0, "ten times")):
        yield f"within a call, the rate is {words} the one given", run(factor=factor)


def _trained(
    start: Params,
    order: Array,
    lr: float,
    batch: Batch,
    *,
    after: bool = False,
    added: bool = False,
    fixed: bool = False,
    renewed: Collection[int] = (),
    factor: float = 1.0,
) -> Array:
    """The losses of a training loop with its choices open.

    Args:
        start: parameters, float64.
        order: (steps, batch).
        lr: learning rate.
        batch: gives images and labels of indices.
        after: whether a loss is read after the update.
        added: whether gradients are added up.
        fixed: whether each step begins with the first parameters.
        renewed: steps before which the optimizer is made anew.
        factor: of the rate.
    """
    adam, params, losses, sums = Adam(), start, [], {name: np.zeros_like(p) for name, p in start.items()}
    for k, indices in enumerate(order):
        if k in renewed:
            adam = Adam()
        images, labels = batch(indices)
        log_probs, a = network.forward(params, images)
        grads = network.backward(params, a, labels)
        sums = {name: grad + sums[name] for name, grad in grads.items()} if added else grads
        stepped = adam.step(params, sums, factor * lr)
        losses.append(network.loss(network.forward(stepped, images)[0] if after else log_probs, labels))
        params = params if fixed else stepped
    return np.array(losses)
