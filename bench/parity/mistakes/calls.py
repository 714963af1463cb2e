"""What is lost, or kept too long, between one call of `train_epoch` and the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from bench.parity.sequence import Call
from impls.reference import network
from impls.reference.adam import Adam
from impls.spec import Params

Batch = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def between_calls(start: Params, calls: Sequence[Call], batch: Batch) -> Iterator[tuple[str, Params]]:
    """Parameters after a sequence of calls, in float64, of programs that do not keep what they should.

    Args:
        start: parameters before the first call.
        calls: of the sequence.
        batch: gives images and labels of indices.
    """
    rates = [call.lr for call in calls]
    sizes = [call.order.shape[1] for call in calls]
    run = partial(trained, start, calls, batch)
    yield "the optimizer is made anew when the learning rate changes", run(renewed=lambda k: rates[k] != rates[k - 1])
    yield "the optimizer is made anew when the batch size changes", run(renewed=lambda k: sizes[k] != sizes[k - 1])
    yield "the optimizer is made anew in every call", run(renewed=lambda k: True)
    yield "the learning rate of the first call is kept", run(kept=True)
    yield "the first step of a call takes the last batch of its size once more", run(stale=True)


def trained(
    start: Params,
    calls: Sequence[Call],
    batch: Batch,
    *,
    renewed: Callable[[int], bool] = lambda k: False,
    stale: bool = False,
    kept: bool = False,
) -> Params:
    """Parameters after a sequence of calls, with the choices of a mistaken program open.

    Args:
        start: parameters before the first call.
        calls: of the sequence.
        batch: gives images and labels of indices.
        renewed: whether a call, by its number, begins with a new optimizer.
        stale: whether the first step of a call takes the last batch of its size once more.
        kept: whether the first call's rate is used throughout.
    """
    adam, params = Adam(), start
    last: dict[int, np.ndarray] = {}
    for k, call in enumerate(calls):
        if k and renewed(k):
            adam = Adam()
        for step, indices in enumerate(call.order):
            used = last.get(len(indices), indices) if stale and step == 0 and k else indices
            last[len(indices)] = indices
            images, labels = batch(used)
            _, a = network.forward(params, images)
            params = adam.step(params, network.backward(params, a, labels), calls[0].lr if kept else call.lr)
    return params
