"""Mistakes of a loss whose log-probabilities are right, and of the images that it sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from bench.parity.mistakes.forward import forward
from impls.reference import network
from impls.spec import CLASSES, Params

Array = np.ndarray
CLIPPED = 1e-7
"""Where Keras clips probabilities."""


class Batch(NamedTuple):
    """What a loss is of: canonical parameters, images (N, 3, 32, 32) and labels (N,)."""

    params: Params
    images: Array
    labels: Array


def losses(batches: Sequence[Batch]) -> Iterator[tuple[str, Array]]:
    """The losses of some batches, (len(batches),) float64, as each mistake gives them."""
    outputs = [network.forward(network.as_float64(b.params), b.images)[1] for b in batches]
    for cause, of_classes in _OTHERS.items():
        yield cause, np.array([_mean(of_classes(a), b.labels) for a, b in _pairs(outputs, batches)])
    for share in (0.01, 0.05, 0.1, 0.2):
        values = [_smoothed(a, b, share) for a, b in _pairs(outputs, batches)]
        yield f"labels are smoothed by {share:g}", np.array(values)
    for by, which in ((-1, "one too small"), (1, "one too large")):
        values = [_mean(-a["log_probs"], (b.labels + by) % CLASSES) for a, b in _pairs(outputs, batches)]
        yield f"labels are {which}", np.array(values)
    others = [forward(b.params, b.images) for b in batches]
    for each in zip(*others, strict=True):  # one mistake, on every batch
        values = [_mean(-a["log_probs"], b.labels) for (_, a), b in zip(each, batches, strict=True)]
        yield f"log_probs is right and loss_and_grads sees something else: {each[0][0]}", np.array(values)


def _pairs(outputs: list[dict[str, Array]], batches: Sequence[Batch]) -> Iterator[tuple[dict[str, Array], Batch]]:
    return zip(outputs, batches, strict=True)


def _mean(of_classes: Array, labels: Array) -> float:
    return float(of_classes[np.arange(len(labels)), labels].mean())


def _smoothed(a: dict[str, Array], batch: Batch, share: float) -> float:
    return (1 - share) * _mean(-a["log_probs"], batch.labels) - share * float(a["log_probs"].mean())


def _clipped(p: Array) -> Array:
    return np.clip(p, CLIPPED, 1 - CLIPPED)


_OTHERS: dict[str, Callable[[dict[str, Array]], Array]] = {
    "logits are taken for probabilities: divided by their sum and clipped (from_logits=False)": lambda a: (
        -np.log(_clipped(a["fc3"] / a["fc3"].sum(axis=1, keepdims=True)))
    ),
    "logits are taken for probabilities: clipped, and a softmax of their logarithms (from_logits=False)": lambda a: (
        -network.log_softmax(np.log(_clipped(a["fc3"])))
    ),
    "log-probabilities are taken for probabilities: divided by their sum and clipped": lambda a: (
        -np.log(_clipped(a["log_probs"] / a["log_probs"].sum(axis=1, keepdims=True)))
    ),
    "logits are taken for log-probabilities: the loss has no log-softmax": lambda a: -a["fc3"],
    "probabilities are taken for log-probabilities: the loss has no logarithm": lambda a: -np.exp(a["log_probs"]),
    "probabilities are taken for logits: the softmax is taken twice": lambda a: (
        -network.log_softmax(np.exp(a["log_probs"]))
    ),
    "the logarithm's base is 2 and not e": lambda a: -a["log_probs"] / np.log(2),
    "it is the squared error of the probabilities": lambda a: (
        (np.exp(a["log_probs"]) ** 2).sum(axis=1, keepdims=True) - 2 * np.exp(a["log_probs"]) + 1
    ),
}
"""By cause, the loss of every class, (N, 10), from the activations that `impls.reference.network.forward` gives."""
