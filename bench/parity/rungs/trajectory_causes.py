"""Why a step's loss is not the oracle's: batches that are not those of the order, or the state between steps."""

from __future__ import annotations

from functools import partial

import numpy as np

from bench.parity import mistakes
from bench.parity.rungs import at_once
from bench.parity.rungs.base import Advice, Climb, not_lower
from bench.parity.verdict import Measured
from impls.reference.network import as_float64

EPOCH, FIRST, AGAIN = "a whole epoch at rate 0", "training", "training once more"
VANISHING = 1e-20
"""A rate above 0 at which no float32 parameter above 1e-12 moves: half a unit in its last place is more than a step."""
SMALL = f"a whole epoch at rate {VANISHING:g}"


def causes(climb: Climb, failed: Measured) -> list[str]:
    """The mistake that makes just these losses; failing that, where the program goes another way."""
    if "replica" in failed.place:
        return at_once.causes(climb, failed)
    if not_lower(climb, failed):
        return [f"training computes in float32 and not in {climb.expected.precision}, though evaluation does not"]
    if failed.evidence is None and "case" in failed.place:
        return ["the loss is computed in bfloat16 in training alone: it is float32 in every precision"]
    if failed.evidence is None:
        return ["at a learning rate of 0 nothing may move: a decay or a rate that is applied regardless"]
    run = failed.place["case"]
    if run == AGAIN:
        return ["the first run agrees and the second does not: state that load_params does not reset, or a race"]
    if match := mistakes.matching(*failed.evidence, mistakes.instead_of_losses(failed.evidence[1])):
        return match
    if run == FIRST:
        return _in_training(climb, failed)
    other = "; an epoch at rate 0 is right, so that training takes another path" if run == SMALL else ""
    return [cause + other for cause in _of_batches(failed)] or [
        Advice("single steps agree and a whole epoch does not: look at its shape, and at batches that are not given")
    ]


def _of_batches(failed: Measured) -> list[str]:
    """The cause where, at a rate at which nothing moves, the losses are those of other batches."""
    assert failed.evidence is not None
    (found, true), k = failed.evidence, failed.place["step"] - 1
    if failed.place["case"] == SMALL and k == 0:
        return ["at rate 0 the first loss is right, and at a rate above 0 it is not: the two take different paths"]
    near = np.flatnonzero(np.abs(true / found[k] - 1) <= failed.tolerance)
    if len(near):
        return [f"this is the loss of batch {near[0] + 1}: batches are repeated, or in another order"]
    if len(np.unique(found)) == 1:
        return ["every step has the same loss: one batch is used throughout, or the losses are not those of steps"]
    if k == 0:
        return ["the first step's loss is not that of the first batch: the order given is not followed"]
    return []


def _in_training(climb: Climb, failed: Measured) -> list[str]:
    """The loop that makes these losses, by the oracle with its mistake."""
    expected, k = climb.expected, failed.place["step"] - 1
    batch = partial(climb.backend.read_batch, climb.train)
    candidates = mistakes.in_training(as_float64(expected.params), expected.trajectory_order, expected.lr, batch, k)
    assert failed.evidence is not None
    # Mistaken runs go apart as twins do, so an explanation is as near as a tenth of the error.
    if match := mistakes.matching(*failed.evidence, candidates, share=0.1):
        return match
    if k == 0:
        return [Advice("single steps and a whole epoch agree: look at which parameters this call starts from")]
    return [
        Advice(f"{k} steps agree and then the state is another: look at rate, moments and step count within a call")
    ]
