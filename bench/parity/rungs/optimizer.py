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

from bench.parity.cases import HARDLY_MATTER
from bench.parity.noise import SAFETY
from bench.parity.rungs import optimizer_steps
from bench.parity.rungs.base import Climb, Kind
from bench.parity.rungs.optimizer_causes import causes
from bench.parity.rungs.optimizer_steps import RESUMED, Passes
from bench.parity.verdict import Measured
from bench.parity.waking import never_has_gradient
from impls.reference.adam import Adam
from impls.reference.network import as_float64
from impls.spec import ADAM_BETA1, ADAM_BETA2, PARAMETER_SHAPES, Params

EPS = float(np.finfo(np.float32).eps)


def compare(climb: Climb) -> list[Measured]:
    """Every parameter after each sequence of steps, in units of the learning rate."""
    results = []
    for name, passes in optimizer_steps.sequences(climb).items():
        grads, after, changed = optimizer_steps.run(climb, passes, resumed=name == RESUMED)
        start, adam = passes[0][0].params, Adam()
        true = as_float64(start)
        for (_, lr), grad in zip(passes, grads, strict=True):
            true = adam.step(true, as_float64(grad), lr)
        still = _still(climb, grads, passes)
        results += [_step_error(name, key, after, true, grads, passes, still[key]) for key in PARAMETER_SHAPES]
        what = f"elements exported before {name} that it changed"
        results.append(Measured(float(changed), 0, what, {"step": name}))
    return results


def _still(climb: Climb, grads: list[Params], passes: Passes) -> dict[str, np.ndarray]:
    """By parameter, which elements have no gradient in any step, so that they must not move.

    In float32 these are the ones whose gradients are 0. Rounded products may wake a dead unit for an image in
    training, and not in `loss_and_grads`, and Adam makes a whole step of the least gradient; so in lower precisions
    they are the ones that no rounding wakes.
    """
    if climb.expected.precision == "fp32":
        return {key: np.all([grad[key] == 0 for grad in grads], axis=0) for key in PARAMETER_SHAPES}
    never = [never_has_gradient(case) for case, _ in passes]
    return {key: np.all([each[key] for each in never], axis=0) for key in PARAMETER_SHAPES}


def _step_error(
    step: str,
    key: str,
    after: Params,
    true: Params,
    grads: list[Params],
    passes: Passes,
    still: np.ndarray,
) -> Measured:
    """The worst element of one parameter after a step, in units of the learning rate.

    Four roundings are allowed for: of the stored parameter (half a unit in its last place); of the step's own
    arithmetic (a few units of it); of β^t in the bias corrections 1 - β^t (half a unit below 1 for each of the
    t factors, which is much of a correction that is small itself); and of the gradients, for the step is the
    ratio of their moments: its relative error is at most that of the gradient, which is large where the
    gradient is small. Where nothing has a gradient (``still``), only the
    first is left.
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
    stored = EPS / 2 * np.maximum(np.abs(start[key]), np.abs(true[key])) / lr
    allowed = SAFETY * (stored + np.where(still, 0.0, 8 * EPS + corrections + noise))
    allowed = np.maximum(allowed, np.finfo(np.float64).tiny)  # a parameter of 0 without a gradient
    worst = np.unravel_index(np.argmax(error / allowed), error.shape)
    found, right = ((value[key][worst] - start[key][worst]) / lr for value in (after, true))
    detail = f"moved by {found:.6g} learning rates where the oracle moves by {right:.6g}"
    place = {"parameter": key, "step": step, "index": [int(i) for i in worst]}
    what, evidence = f"{key} after {step}, in learning rates", (after[key], true[key])
    return Measured(float(error[worst]), float(allowed[worst]), what, place, detail, evidence)


def slight(failed: Measured) -> str:
    """What a failed comparison is about, if that hardly matters."""
    return HARDLY_MATTER.get(failed.place["step"].removesuffix(optimizer_steps.IN_TRAINING), "")


RUNG = Kind(
    "optimizer",
    "Adam's steps agree with the oracle",
    compare,
    f"{SAFETY:g} × (rounding of the stored parameter, of the step, of 1 - β^t, and the gradient's noise)",
    causes,
    slight=slight,
)
