"""Rung 7: Adam's steps, given the backend's own gradients, so that a wrong gradient is not blamed on them.

A first step; one on a shorter batch; one that follows a step taken at a learning rate of 0, which shows the moments
and their bias correction, and that a changed rate is obeyed, while the parameters (and so the oracle's kinks) stay
where they are; one at a small rate and one at a rate with many digits (rates in few bits); one at a rate of 1 with
units that have no gradient, which must not move (weight decay); one after a larger gradient (clipping); one on every
special case, which shows whether training treats it as `loss_and_grads` does; and, if the backend gives out its
optimizer's state, the second step once more, with parameters and state taken out before it and put back.
"""

from __future__ import annotations

import numpy as np

from bench.parity import mistakes
from bench.parity.cases import Case
from bench.parity.noise import SAFETY
from bench.parity.rungs.base import Climb, Kind, are_bfloat16
from bench.parity.verdict import Measured
from impls.reference import network
from impls.reference.adam import Adam
from impls.reference.network import as_float64
from impls.reference.rounding import MANTISSA_BITS, rounded
from impls.spec import ADAM_BETA1, ADAM_BETA2, PARAMETER_SHAPES, Params

RESUMED = "step 2, from a state put back"
SMALL_RATE, ODD_RATE, LARGER = "a step at a small rate", "a step at rate 0.7", "a step after a larger gradient"
EPS = float(np.finfo(np.float32).eps)


def compare(climb: Climb) -> list[Measured]:
    """Every parameter after each sequence of steps, in units of the learning rate."""
    results = []
    for name, passes in _sequences(climb).items():
        grads, after, changed = _run(climb, passes, resumed=name == RESUMED)
        start, adam = passes[0][0].params, Adam()
        true = as_float64(start)
        for (_, lr), grad in zip(passes, grads, strict=True):
            true = adam.step(true, as_float64(grad), lr)
        results += [_step_error(name, key, after, true, grads, passes) for key in PARAMETER_SHAPES]
        what = f"elements exported before {name} that it changed"
        results.append(Measured(float(changed), 0, what, {"step": name}))
    return results


def _sequences(climb: Climb) -> dict[str, list[tuple[Case, float]]]:
    """Batches and learning rates of the steps, each an epoch of its own."""
    first, second, short = climb.expected.cases[:3]
    lr = climb.expected.lr
    zero, extreme, one = (
        climb.expected.case(n) for n in ("zero pre-activations", "extreme logits", "one extreme image")
    )
    sequences = {
        "step 1": [(first, lr)],
        "a short step": [(short, lr)],
        "step 2": [(first, 0.0), (second, lr)],
        "a step at rate 1": [(zero, 1.0)],
        SMALL_RATE: [(first, lr / 512)],  # as after nine halvings
        ODD_RATE: [(first, 0.7)],  # no short binary fraction
        LARGER: [(one, 0.0), (extreme, 1.0)],
    }
    for name, (before, after) in climb.expected.passes.in_training.items():
        sequences[f"{name}, in training"] = [(before, 0.0), (after, 1.0)]
    can_go_on = climb.backend.export_optimizer() is not None
    return sequences | ({RESUMED: sequences["step 2"]} if can_go_on else {})


def _run(climb: Climb, passes: list[tuple[Case, float]], *, resumed: bool = False) -> tuple[list[Params], Params, int]:
    """The gradients of each step, the parameters after all, and how many elements exported before they changed.

    Passes that are not training come between the steps: they must disturb neither parameters nor optimizer. Where
    ``resumed``, all that training has made is taken out there, another step is trained, and what was taken out is put
    back.
    """
    backend, start = climb.backend, passes[0][0].params
    backend.load_params(start)
    grads = [backend.loss_and_grads(case.images, case.labels)[1] for case, _ in passes]
    backend.load_params(start)
    before = backend.export_params()
    kept = {key: value.copy() for key, value in before.items()}
    for case, lr in passes:
        assert case.indices is not None
        backend.train_epoch(climb.train, case.indices[None], lr)
        if case is not passes[-1][0]:
            backend.loss_and_grads(case.images[:1], case.labels[:1])
            backend.log_probs(case.images[:1])
        if resumed and case is not passes[-1][0]:
            params, state = backend.export_params(), backend.export_optimizer()
            assert state is not None
            backend.train_epoch(climb.train, case.indices[None], 1.0)
            backend.load_params({key: value.copy() for key, value in params.items()})
            backend.load_optimizer(state)
    changed = sum(int((before[key] != kept[key]).sum()) for key in kept)
    return grads, backend.export_params(), changed


def _step_error(
    step: str, key: str, after: Params, true: Params, grads: list[Params], passes: list[tuple[Case, float]]
) -> Measured:
    """The worst element of one parameter after a step, in units of the learning rate.

    Four roundings are allowed for: of the stored parameter (half a unit in its last place); of the step's own
    arithmetic (a few units of it); of β^t in the bias corrections 1 - β^t (half a unit below 1 for each of the
    t factors, which is much of a correction that is small itself); and of the gradients, for the step is the
    ratio of their moments: its relative error is at most that of the gradient, which is large where the
    gradient is small. Where there is no gradient at all, only the first is left.
    """
    lr, start = passes[-1][1], passes[0][0].params
    error = np.abs(after[key] - true[key]) / lr
    error[~np.isfinite(error)] = np.inf
    noise = sum(
        np.minimum(1.0, case.tolerance[key] * np.abs(case.grads[key]).max() / np.maximum(np.abs(grad[key]), 1e-30))
        for grad, (case, _) in zip(grads, passes, strict=True)
    )
    t = len(passes)
    corrections = t * EPS / 4 * (1 / (1 - ADAM_BETA1**t) + 0.5 / (1 - ADAM_BETA2**t))  # half: of the root of v
    still = np.all([grad[key] == 0 for grad in grads], axis=0)
    stored = EPS / 2 * np.maximum(np.abs(start[key]), np.abs(true[key])) / lr
    allowed = SAFETY * (stored + np.where(still, 0.0, 8 * EPS + corrections + noise))
    allowed = np.maximum(allowed, np.finfo(np.float64).tiny)  # a parameter of 0 without a gradient
    worst = np.unravel_index(np.argmax(error / allowed), error.shape)
    found, right = ((value[key][worst] - start[key][worst]) / lr for value in (after, true))
    detail = f"moved by {found:.6g} learning rates where the oracle moves by {right:.6g}"
    place = {"parameter": key, "step": step, "index": [int(i) for i in worst]}
    what, evidence = f"{key} after {step}, in learning rates", (after[key], true[key])
    return Measured(float(error[worst]), float(allowed[worst]), what, place, detail, evidence)


def causes(climb: Climb, failed: Measured) -> list[str]:
    """Nothing moved, a constant factor, or an optimizer that is nearly Adam."""
    if "parameter" not in failed.place:
        return ["export_params returns the parameters themselves and not a copy"]
    step, key = failed.place["step"], failed.place["parameter"]
    passes = _sequences(climb)[step]
    grads, after, _ = _run(climb, passes, resumed=step == RESUMED)
    start, rates = as_float64(passes[0][0].params), [lr for _, lr in passes]
    if all(map(are_bfloat16, after.values())):
        return ["a step leaves parameters in bfloat16: Adam's are float32 in every precision"]
    moved = {name: after[name] - start[name] for name in start}
    if not any(value.any() for value in moved.values()):
        if step == LARGER:
            return ["no parameter moved: a step with a large gradient or a large loss is skipped"]
        if rates[0] == 0:
            return ["a single step moves parameters and this one does not: the rate of the first epoch, 0, is kept"]
        return [
            "no parameter moved: export_params returns stale ones, the optimizer holds others, or the last row of the "
            "order is not trained on"
        ]
    assert failed.evidence is not None
    if np.abs(after[key] - failed.evidence[0]).max() / rates[-1] > failed.tolerance:
        return ["the same steps once more give another result: load_params does not reset moments and step count"]
    if not moved[key].any():
        return [f"{key} did not move: it is not among the optimizer's parameters"]

    if step == RESUMED:  # the same steps without a stop are right
        return ["what export_optimizer gives out and load_optimizer takes is not all that Adam remembers"]
    adam, true = Adam(), start
    for grad, lr in zip(grads, rates, strict=True):
        true = adam.step(true, as_float64(grad), lr)
    right = {name: true[name] - start[name] for name in start}
    factors = [float((moved[n] * right[n]).sum() / (right[n] ** 2).sum()) for n in start]
    factor = float(np.median(factors))
    for name, held in (("float16", float(np.float16(rates[-1]))), ("bfloat16", _bfloat16(rates[-1]))):
        if held != rates[-1] and abs(factor * rates[-1] / held - 1) < 0.1 * abs(held / rates[-1] - 1):
            return [f"the learning rate is rounded to {name}"]
    if abs(factor - 1) > 1e-3 and np.ptp(factors) < 1e-3 * abs(factor):
        sort = "the wrong sign" if abs(factor + 1) < 1e-3 else f"{factor:.4g} times the length: another learning rate"
        return [f"every step has {sort}"]
    if climb.expected.precision != "fp32":
        adam, exact = Adam(), start
        for case, lr in passes:
            exact = adam.step(exact, case.grads, lr)
        cause = f"training computes in float32 and not in {climb.expected.precision}, though loss_and_grads does not"
        if match := mistakes.matching(moved[key], right[key], [(cause, exact[key] - start[key])], share=0.1):
            return match
    candidates = ((cause, p[key] - start[key]) for cause, p in mistakes.adam(start, grads, rates))
    if match := mistakes.matching(moved[key], right[key], candidates, share=0.1):
        return match
    if narrowed := _narrowed(climb, passes, moved[key], key):
        return [narrowed]
    if step == "step 2":
        return ["step 1 is right and step 2 is not: moments, their bias correction, or the rate of the step before"]
    hints = {
        "a short step": "a batch of the usual size is right: its size is built in somewhere",
        "a step at rate 1": "what has no gradient must not move: a decay, or noise in the gradient",
        LARGER: "ordinary gradients are right: large ones are clipped",
    }
    if step in hints:
        return [hints[step]]
    if step.endswith(", in training"):
        return [
            f"loss_and_grads is right on '{step.removesuffix(', in training')}' and train_epoch is not: it takes "
            "another path there"
        ]
    return ["the optimizer is not Adam as specified"]


def _narrowed(climb: Climb, passes: list[tuple[Case, float]], moved: np.ndarray, key: str) -> str:
    """The cause where the images were those of indices in few bits; empty where they were not."""
    case, lr = passes[-1]
    if len(passes) > 1 or case.indices is None:
        return ""
    start, size = as_float64(case.params), climb.expected.order.max() + 1
    for kind in ("int8", "uint8", "int16"):
        taken = case.indices.astype(kind).astype(np.int64) % size
        images, labels = climb.backend.read_batch(climb.train, taken)
        _, a = network.forward(start, images)
        true = Adam().step(start, network.backward(start, a, labels), lr)[key] - start[key]
        if not np.array_equal(taken, case.indices) and mistakes.matching(moved, 0 * true, [(kind, true)], share=0.1):
            return f"the order's indices are narrowed to {kind}, and other images are trained on"
    return ""


def _bfloat16(rate: float) -> float:
    return float(rounded(np.array([rate], np.float32), MANTISSA_BITS["bf16"])[0])


RUNG = Kind(
    "optimizer",
    "Adam's steps agree with the oracle",
    compare,
    f"{SAFETY:g} × (rounding of the stored parameter, of the step, of 1 - β^t, and the gradient's noise)",
    causes,
)
