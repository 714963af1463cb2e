"""Why a step is not Adam's: nothing moved, a constant factor, or an optimizer that is nearly Adam."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench.parity import mistakes
from bench.parity.cases import TIED
from bench.parity.rungs import gradients, optimizer_steps, reloaded, unmoved
from bench.parity.rungs.base import Advice, Climb, are_bfloat16
from bench.parity.rungs.optimizer_steps import AT_RATE_1, IN_TRAINING, LARGER, RESUMED, SECOND, SHORT, Passes
from bench.parity.verdict import Measured
from impls.reference import network
from impls.reference.adam import Adam
from impls.reference.network import as_float64
from impls.reference.rounding import MANTISSA_BITS, rounded
from impls.spec import Params

HINTS = {
    SECOND: "step 1 is right and step 2 is not: look at moments, their bias correction, the rate of the step before",
    SHORT: "a batch of the usual size is right: look at where its size is built in",
    AT_RATE_1: "what has no gradient must not move: look for a decay, or noise in the gradient",
    LARGER: "ordinary gradients are right: look at whether large ones are clipped",
}


def causes(climb: Climb, failed: Measured) -> list[str]:
    """The mistake that makes just this step; failing that, what is special in the step."""
    if "parameter" not in failed.place:
        return ["export_params returns the parameters themselves and not a copy"]
    step, key = failed.place["step"], failed.place["parameter"]
    passes = optimizer_steps.sequences(climb)[step]
    grads, after, _ = optimizer_steps.run(climb, passes, resumed=step == RESUMED)
    start, rates = as_float64(passes[0][0].params), [lr for _, lr in passes]
    if all(map(are_bfloat16, after.values())):
        return ["a step leaves parameters in bfloat16: Adam's are float32 in every precision"]
    moved = {name: after[name] - start[name] for name in start}
    if not any(value.any() for value in moved.values()):
        return unmoved.causes(climb, step, passes)
    if not moved[key].any():
        return [f"{key} did not move: it is not among the optimizer's parameters"]
    if step == RESUMED:  # the same steps without a stop are right
        return ["what export_optimizer gives out and load_optimizer takes is not all that Adam remembers"]
    assert failed.evidence is not None
    if np.abs(after[key] - failed.evidence[0]).max() / rates[-1] > failed.tolerance:
        again = "the same steps once more give another result: load_params does not reset all, or noise is active"
        return reloaded.causes(climb) or [again]
    right = _right(start, grads, rates)
    candidates = ((cause, p[key] - start[key]) for cause, p in _candidates(climb, step, passes, grads))
    found = (
        _common_factor(moved, right, rates[-1])
        or mistakes.matching(moved[key], right[key], candidates, share=0.1)
        or _narrowed(climb, passes, moved[key], key)
        or reloaded.causes(climb)
        or _hints(step)
    )
    return found + [Advice(gradients.POOLING)] * (step == TIED + IN_TRAINING)


def _right(start: Params, grads: list[Params], rates: list[float]) -> Params:
    """How far Adam moves every parameter."""
    adam, true = Adam(), start
    for grad, lr in zip(grads, rates, strict=True):
        true = adam.step(true, as_float64(grad), lr)
    return {name: true[name] - start[name] for name in start}


def _common_factor(moved: Params, right: Params, rate: float) -> list[str]:
    """The cause where all parameters move by the same multiple of what they should."""
    factors = [float((moved[n] * right[n]).sum() / (right[n] ** 2).sum()) for n in right]
    factor = float(np.median(factors))
    for name, held in (("float16", float(np.float16(rate))), ("bfloat16", _bfloat16(rate))):
        if held != rate and abs(factor * rate / held - 1) < 0.1 * abs(held / rate - 1):
            return [f"the learning rate is rounded to {name}"]
    if abs(factor - 1) <= 1e-3 or np.ptp(factors) >= 1e-3 * abs(factor):
        return []
    if abs(factor + 1) < 1e-3:
        return ["every step has the wrong sign"]
    return [f"every step has {factor:.4g} times the length: another learning rate"]


def _candidates(climb: Climb, step: str, passes: Passes, grads: list[Params]) -> Iterator[tuple[str, Params]]:
    """Parameters after the steps of every mistaken program."""
    start, rates = as_float64(passes[0][0].params), [lr for _, lr in passes]
    precision = climb.expected.precision
    if precision != "fp32":
        moved = _right(start, [case.grads for case, _ in passes], rates)
        cause = f"training computes in float32 and not in {precision}, though loss_and_grads does not"
        yield cause, {name: start[name] + moved[name] for name in start}
    yield from mistakes.adam(start, grads, rates)
    if step == TIED + IN_TRAINING:
        for rules in zip(*(mistakes.tie_rules(c.params, c.images, c.labels) for c, _ in passes), strict=True):
            moved = _right(start, [own for _, own in rules], rates)
            cause = f"loss_and_grads is right and train_epoch is not: {rules[0][0]}"
            yield cause, {name: start[name] + moved[name] for name in start}


def _narrowed(climb: Climb, passes: Passes, moved: np.ndarray, key: str) -> list[str]:
    """The cause where the images were those of indices in few bits."""
    case, lr = passes[-1]
    if len(passes) > 1 or case.indices is None:
        return []
    start, size = as_float64(case.params), climb.expected.order.max() + 1
    for kind in ("int8", "uint8", "int16"):
        taken = case.indices.astype(kind).astype(np.int64) % size
        images, labels = climb.backend.read_batch(climb.train, taken)
        _, a = network.forward(start, images)
        true = Adam().step(start, network.backward(start, a, labels), lr)[key] - start[key]
        if not np.array_equal(taken, case.indices) and mistakes.matching(moved, 0 * true, [(kind, true)], share=0.1):
            return [f"the order's indices are narrowed to {kind}, and other images are trained on"]
    return []


def _hints(step: str) -> list[str]:
    if step.endswith(IN_TRAINING):
        case = step.removesuffix(IN_TRAINING)
        path = f"loss_and_grads is right on '{case}' and train_epoch is not: look at where the two take different paths"
        return [Advice(path)]
    return [Advice(HINTS.get(step, "the optimizer is not Adam as specified: look at β, ε, corrections and decay"))]


def _bfloat16(rate: float) -> float:
    return float(rounded(np.array([rate], np.float32), MANTISSA_BITS["bf16"])[0])
