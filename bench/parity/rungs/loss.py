"""Rung 5: the mean negative log-likelihood."""

from __future__ import annotations

import numpy as np

from bench.parity import mistakes, noise
from bench.parity.cases import ORDINARY
from bench.parity.mistakes import Batch
from bench.parity.rungs.base import Advice, Climb, Kind, compare_bits
from bench.parity.verdict import Measured


def compare(climb: Climb) -> list[Measured]:
    """The loss of every case, relative."""
    results, losses = [], []
    for case in climb.expected.cases:
        climb.backend.load_params(case.params)
        found, _ = climb.backend.loss_and_grads(case.images, case.labels)
        error = abs(found / case.loss - 1)
        detail = f"{found:.7g} where the oracle has {case.loss:.7g}"
        evidence = (np.array([found, len(case.labels)]), np.array([case.loss]))
        what = f"loss ({case.name})"
        results.append(Measured(error, case.tolerance["loss"], what, {"case": case.name}, detail, evidence))
        losses.append(found)
    return [compare_bits(np.array(losses), "losses without float32's bits"), *results]


def causes(climb: Climb, failed: Measured) -> list[str]:
    """Sum for mean, a mean over another count, an overflow, another loss, other images."""
    if failed.tolerance == 0:
        return ["the loss is computed in bfloat16: it is float32 in every precision"]
    assert failed.evidence is not None
    (found, n), [true] = failed.evidence
    if not np.isfinite(found):
        return ["log(softmax(x)) overflows or takes log(0): use a log-softmax, shifted by the row's maximum"]
    factor = found / true
    if abs(factor / n - 1) < 1e-3:
        return ["the loss is summed over the batch and not averaged"]
    if abs(factor + 1) < 1e-3:
        return ["the sign is wrong: the log-likelihood and not its negative"]
    first = climb.expected.cases[0]
    if failed.place["case"] != first.name:
        n_first = len(first.labels)
        if abs(factor * n_first / n - 1) < 1e-3:
            return [f"the sum is divided by {n_first} whatever the batch's size"]
        return [Advice(f"ordinary batches are right: look at what is special in '{failed.place['case']}'")]
    return _known(climb) or [
        Advice("log-probabilities are right: look at the labels and at the loss, its mean, smoothing, weights")
    ]


def _known(climb: Climb) -> list[str]:
    """The mistake that explains the losses of all ordinary batches: a single number fits many by chance."""
    batches = [climb.expected.case(name) for name in ORDINARY]
    found = []
    for case in batches:
        climb.backend.load_params(case.params)
        found.append(climb.backend.loss_and_grads(case.images, case.labels)[0])
    candidates = mistakes.losses([Batch(case.params, case.images, case.labels) for case in batches])
    return mistakes.matching(np.array(found), np.array([case.loss for case in batches]), candidates)


RUNG = Kind("loss", "the mean negative log-likelihood agrees with the oracle", compare, noise.SOURCE, causes)
