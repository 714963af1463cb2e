"""Rung 4: log-probabilities, and what the layers give out where the backend says it."""

from __future__ import annotations

from itertools import chain

import numpy as np

from bench.parity import mistakes, noise
from bench.parity.noise import relative_error
from bench.parity.rungs import fused
from bench.parity.rungs.base import (
    Advice,
    Climb,
    Kind,
    are_bfloat16,
    compare_arrays,
    compare_bits,
    compare_with_float32,
    not_lower,
)
from bench.parity.verdict import Measured
from impls.reference import network
from impls.spec.fused import RECTIFIED_SHAPES, SUFFIX


def compare(climb: Climb) -> list[Measured]:
    """Layer by layer, then the log-probabilities, of every case."""
    results = []
    for case in climb.expected.cases:
        climb.backend.load_params(case.params)
        for layer, found in climb.backend.activations(case.images).items():
            what, place = f"output of {layer} ({case.name})", {"layer": layer, "case": case.name}
            true, tolerance = fused.true(case, layer)
            results.append(compare_arrays(found, true, tolerance, what, **place))
        found = climb.backend.log_probs(case.images)
        what, place = f"log-probabilities ({case.name})", {"layer": "log_probs", "case": case.name}
        results.append(compare_arrays(found, case.log_probs, case.tolerance["log_probs"], what, **place))
        if case is climb.expected.cases[0]:
            results.append(compare_bits(found, f"{what} without float32's bits", **place))
            errors = {"log_probs": relative_error(found, case.log_probs)}
            results += compare_with_float32(climb, errors, what, **place)
    return results


def causes(climb: Climb, failed: Measured) -> list[str]:
    """The mistake that gives exactly this; failing that, what the kind of error suggests."""
    if match := not_lower(climb, failed):
        return match
    if failed.tolerance == 0:
        return ["the log-softmax is computed in bfloat16: it and the loss are float32 in every precision"]
    assert failed.evidence is not None
    found, true = failed.evidence
    case = climb.expected.case(failed.place["case"])
    layer = failed.place["layer"]
    if layer != "log_probs" and relative_error(found, np.maximum(true, 0)) < 1e-4 < failed.measured:
        named = f", or be called {layer}{SUFFIX}" if f"{layer}{SUFFIX}" in RECTIFIED_SHAPES else ""
        return [f"activations gives what {layer} is after its ReLU; it should be before it{named}"]
    if not np.isfinite(found).all() and layer != "log_probs":
        return [f"{layer} overflows: fewer bits inside (half precision)"]
    if not np.isfinite(found).all():
        return ["log(softmax(x)) overflows or takes log(0): use a log-softmax, shifted by the row's maximum"]
    candidates = ((cause, fused.given(a, layer)) for cause, a in mistakes.forward(case.params, case.images))
    if match := mistakes.matching(found, true, chain(candidates, fused.own_mistakes(case, layer))):
        return match
    allowed = failed.tolerance * float(np.abs(true).max())
    if layer == "log_probs" and (match := mistakes.ended(found, true, allowed)):
        return match
    climb.backend.load_params(case.params)
    again = (
        climb.backend.activations(case.images)[layer] if layer != "log_probs" else climb.backend.log_probs(case.images)
    )
    if relative_error(again, found) > failed.tolerance:
        return ["two evaluations of the same images differ: noise or dropout is active at evaluation"]

    if failed.measured < 0.05 and climb.expected.precision != "bf16" and are_bfloat16(found):
        return ["every value is a bfloat16 number: switch autocast and the like off for fp32 and tf32"]

    def imitate(matmul: network.MatMul) -> np.ndarray:
        return fused.given(network.forward(case.params, case.images, matmul)[1], layer)

    if match := mistakes.precision_of(found, true, imitate):
        return match
    if failed.measured < 0.05:
        return ["close, but beyond what this precision explains: fewer bits inside (half precision, fast-math)"]
    if layer == "log_probs" and "fc3" in climb.backend.activations(case.images):
        return [Advice("fc3 is right: look at the log-softmax, its axis and its order of classes")]
    if layer == "log_probs":
        return [Advice("give the optional method activations, and this rung names the layer")]
    log_probs = climb.backend.log_probs(case.images)
    if relative_error(log_probs, case.log_probs) <= case.tolerance["log_probs"]:
        return ["the log-probabilities agree, so it is not the network that is wrong but what activations gives out"]
    compared = list(climb.backend.activations(case.images))
    below = compared[compared.index(layer) - 1] if compared.index(layer) else "the images"
    after = "weights' layout, bias, padding, stride, order"
    return [Advice(f"up to {below} all is right: look at what comes after it, that is {after}")]


RUNG = Kind("forward", "log-probabilities agree with the oracle, layer by layer", compare, noise.SOURCE, causes)
