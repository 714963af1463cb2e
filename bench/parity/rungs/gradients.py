"""Rung 6: the gradient of every parameter, from the top of the network down, as the backward pass makes them."""

from __future__ import annotations

import numpy as np

from bench.parity import mistakes, noise
from bench.parity.cases import HARDLY_MATTER, ORDINARY, TIED, ZERO, Case
from bench.parity.rungs.base import (
    Advice,
    Climb,
    Kind,
    are_bfloat16,
    compare_arrays,
    compare_with_float32,
    not_lower,
)
from bench.parity.verdict import Measured
from impls.reference import network
from impls.spec import Params

POOLING = (
    "give the first of tied maxima the whole gradient: take the larger of two elements as where(a >= b, a, b), first "
    "within each row of the window and then of its two rows"
)
"""What to write in frameworks whose maximum shares a tied gradient (JAX, MLX, tinygrad)."""

RELU = "write where(x > 0, x, 0) in place of maximum(x, 0), whose derivative at 0 is 1/2 or 1 in some frameworks"

BACKWARDS = [f"{layer}.{kind}" for layer in ("fc3", "fc2", "fc1", "conv2", "conv1") for kind in ("weight", "bias")]


def compare(climb: Climb) -> list[Measured]:
    """Every parameter's gradient in every case."""
    results = []
    for case in climb.expected.cases:
        climb.backend.load_params(case.params)
        _, grads = climb.backend.loss_and_grads(case.images, case.labels)
        for name in BACKWARDS:
            what, place = f"gradient of {name} ({case.name})", {"parameter": name, "case": case.name}
            results.append(compare_arrays(grads[name], case.grads[name], case.tolerance[name], what, **place))
        if case is climb.expected.cases[0]:
            errors = {name: noise.relative_error(grads[name], case.grads[name]) for name in BACKWARDS}
            results += compare_with_float32(climb, errors, f"all gradients ({case.name})", case=case.name)
    return results


def causes(climb: Climb, failed: Measured) -> list[str]:
    """A factor, a permutation, a tie rule, a precision; failing that, the layer between right and wrong."""
    if match := not_lower(climb, failed):
        return match
    assert failed.evidence is not None
    found, true = failed.evidence
    name, case = failed.place["parameter"], climb.expected.case(failed.place["case"])
    if not np.isfinite(found).all():
        return ["the derivative of a logarithm or a division overflows: differentiate a shifted log-softmax"]
    if not found.any():
        return [f"no gradient reaches {name}: it is detached, or not among the parameters differentiated"]
    climb.backend.load_params(case.params)
    _, grads = climb.backend.loss_and_grads(case.images, case.labels)
    again = noise.relative_error(grads[name], found)
    if again > failed.tolerance and case.name == climb.expected.cases[0].name:
        return ["a second call gives another gradient: gradients of earlier calls are added up, or noise is active"]
    return (
        _common_factor(grads, case)
        or _permutation(found, true, name)
        or mistakes.matching(
            found, true, ((c, g[name]) for c, g in mistakes.tie_rules(case.params, case.images, case.labels))
        )
        or _summed_in_bfloat16(found, name, climb.expected.precision)
        or mistakes.precision_of(found, true, lambda matmul: _gradient(case, name, matmul))
        or _between(name, case.name)
    ) + [Advice(instead) for about, instead in ((TIED, POOLING), (ZERO, RELU)) if case.name == about]


def _summed_in_bfloat16(found: np.ndarray, name: str, precision: str) -> list[str]:
    """The cause where a gradient's elements are bfloat16 numbers, though sums are float32's in every precision."""
    if not are_bfloat16(found) or (precision == "bf16" and name.endswith("weight")):  # a product's result there may be
        return []
    if precision == "bf16":
        return [f"the sum over the batch in {name}'s gradient is taken in bfloat16: sum it in float32"]
    return [f"{name}'s gradient is rounded to bfloat16: keep it in float32"]


def _gradient(case: Case, name: str, matmul: network.MatMul) -> np.ndarray:
    _, a = network.forward(case.params, case.images, matmul)
    return network.backward(case.params, a, case.labels, matmul)[name]


def _common_factor(grads: Params, case: Case) -> list[str]:
    """The least-squares factor between found and true, if it is one and the same for every parameter."""
    there = [n for n in BACKWARDS if case.grads[n].any()]
    factor = float(np.median([(grads[n] * case.grads[n]).sum() / (case.grads[n] ** 2).sum() for n in there]))
    explained = all(noise.relative_error(grads[n], factor * case.grads[n]) < 1e-2 for n in there)
    if not explained or abs(factor - 1) < 1e-2:
        return []
    size = len(case.labels)
    if abs(factor / size - 1) < 1e-2:
        return [f"every gradient is {size} times too large: summed over the batch and not averaged"]
    if abs(factor * size - 1) < 1e-2:
        return [f"every gradient is {size} times too small: divided by the batch's size twice"]
    if abs(factor + 1) < 1e-2:
        return ["every gradient has the wrong sign"]
    return [f"every gradient is off by the factor {factor:.4g}"]


def _permutation(found: np.ndarray, true: np.ndarray, name: str) -> list[str]:
    """The right numbers in the wrong places."""
    left = noise.relative_error(np.sort(found, axis=None), np.sort(true, axis=None))
    if left > 0.01 * noise.relative_error(found, true):
        return []
    if name == "fc1.weight":
        return ["right up to a permutation: fc1's inputs are flattened channels last; permute its gradient as well"]
    return [f"right up to a permutation: {name}'s gradient is exported in another layout than {name}"]


def _between(name: str, case: str) -> list[str]:
    layer = name.split(".")[0]
    if case == ZERO:
        return ["the derivative of ReLU at 0 is taken as other than 0 (of max(x, 0) it is 1/2 in some frameworks)"]
    if case not in ORDINARY:
        return [Advice(f"ordinary batches are right: look at what is special in '{case}'")]
    if layer == "fc3":
        return [Advice("the loss is right and its derivative is not: look at the gradient of log-softmax and mean")]
    above = {"fc2": "fc3", "fc1": "fc2", "conv2": "fc1", "conv1": "conv2"}[layer]
    between = f"look at what lies between {above} and {layer}, and at {name} itself"
    return [Advice(f"gradients of {above} and above are right: {between}")]


def slight(failed: Measured) -> str:
    """What a failed comparison is about, if that hardly matters."""
    return HARDLY_MATTER.get(failed.place["case"], "")


RUNG = Kind(
    "gradients", "every parameter's gradient agrees with the oracle", compare, noise.SOURCE, causes, slight=slight
)
