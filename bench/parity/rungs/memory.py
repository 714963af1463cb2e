"""Rung 9: Adam's memory of many steps: moments, step count and corrections after hundreds of steps.

`bench.parity.memory` says why the oracle knows them exactly. The gradients are the backend's own, as for the
optimizer. A backend that gives out and takes in its optimizer's state also takes a step from counts in the thousands.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench.parity import memory, mistakes
from bench.parity.memory import COUNTS, EARLY, EPS, LATE, Weights
from bench.parity.noise import SAFETY
from bench.parity.rungs.base import Advice, Climb, Kind
from bench.parity.verdict import Measured
from bench.parity.waking import never_has_gradient
from impls.contract import AdamState
from impls.spec import PARAMETER_SHAPES, Params

WHOLE = f"step {memory.STEPS}"
SAMPLE = 500
"""Elements on which known mistakes are tried, those that move farthest."""


def compare(climb: Climb) -> list[Measured]:
    """Every parameter after a step at rate 1, in learning rates; and the losses of the steps at rate 0 before it."""
    early, late = _gradients(climb)
    results = []
    for step, losses, params in _runs(climb, early, late):
        results += _losses(climb, losses)
        results += [_error(climb, step, key, params, early, late) for key in PARAMETER_SHAPES]
    return results


def _gradients(climb: Climb) -> tuple[Params, Params]:
    """The backend's gradients of the two images."""
    passes, backend = climb.expected.passes, climb.backend
    backend.load_params(passes.late.params)
    early, late = (backend.loss_and_grads(case.images, case.labels)[1] for case in (passes.early, passes.late))
    return early, late


def _runs(climb: Climb, early: Params, late: Params) -> Iterator[tuple[str, np.ndarray, Params]]:
    """The name of each run's last step, the losses of the steps at rate 0 before it, and the parameters after it."""
    passes, backend = climb.expected.passes, climb.backend
    first, last = passes.early.indices, passes.late.indices
    assert first is not None
    assert last is not None
    backend.load_params(passes.late.params)
    losses = backend.train_epoch(climb.train, np.stack([first] * EARLY + [last] * LATE), 0.0)
    backend.train_epoch(climb.train, last[None], 1.0)
    yield WHOLE, losses, backend.export_params()
    if backend.export_optimizer() is None:
        return
    for count in COUNTS:
        state = AdamState(count, early, {key: grad * grad for key, grad in early.items()})
        backend.load_params(passes.late.params)
        backend.load_optimizer(state)
        backend.train_epoch(climb.train, last[None], 1.0)
        yield f"step {count + 1:,}, from a state taken in", np.empty(0), backend.export_params()


def _weights(step: str) -> Weights:
    if step == WHOLE:
        return memory.after(EARLY, LATE + 1)
    return memory.resumed(next(count for count in COUNTS if step.startswith(f"step {count + 1:,},")))


def _losses(climb: Climb, losses: np.ndarray) -> list[Measured]:
    """The worst loss on either image."""
    passes, results = climb.expected.passes, []
    for which, case, own in (("early", passes.early, losses[:EARLY]), ("late", passes.late, losses[EARLY:])):
        if not len(own):
            continue
        errors = np.abs(own / case.loss - 1)
        errors[~np.isfinite(errors)] = np.inf
        k = int(errors.argmax())
        step = k + 1 + (0 if which == "early" else EARLY)
        detail = f"{own[k]:.7g} where the oracle has {case.loss:.7g}"
        what = f"the loss of the {which} image in {memory.STEPS - 1} steps at rate 0"
        results.append(Measured(float(errors[k]), case.tolerance["loss"], what, {"step": step}, detail))
    return results


def _error(climb: Climb, step: str, key: str, after: Params, early: Params, late: Params) -> Measured:
    """The worst element of one parameter after the real step, in learning rates."""
    passes, weights = climb.expected.passes, _weights(step)
    start = passes.late.params[key].astype(np.float64)
    own, its = early[key].astype(np.float64), late[key].astype(np.float64)
    true = memory.step(weights, own, its)
    error = np.abs(after[key] - start - true)
    error[~np.isfinite(error)] = np.inf
    noises = [case.tolerance[key] * float(np.abs(case.grads[key]).max()) for case in (passes.early, passes.late)]
    early_noise = noises[0] if step == WHOLE else 0.0  # a state taken in is exact
    still = (own == 0) & (its == 0) if climb.expected.precision == "fp32" else _never(climb, key)
    moved = 8 * EPS * np.abs(true) + memory.step_noise(weights, own, its, early_noise, noises[1]) / SAFETY
    stored = EPS / 2 * np.maximum(np.abs(start), np.abs(start + true))
    allowed = SAFETY * (stored + np.where(still, 0.0, moved))
    allowed = np.maximum(allowed, np.finfo(np.float64).tiny)
    worst = np.unravel_index(np.argmax(error / allowed), error.shape)
    detail = (
        f"moved by {after[key][worst] - start[worst]:.6g} learning rates where the oracle moves by {true[worst]:.6g}"
    )
    place = {"parameter": key, "step": step, "index": [int(i) for i in worst]}
    what, evidence = f"{key} after {step}, in learning rates", (after[key] - start, true)
    return Measured(float(error[worst]), float(allowed[worst]), what, place, detail, evidence)


def _never(climb: Climb, key: str) -> np.ndarray:
    """Which elements of a parameter have no gradient on either image, however products are rounded."""
    early, late = (never_has_gradient(case)[key] for case in (climb.expected.passes.early, climb.expected.passes.late))
    return early & late


def causes(climb: Climb, failed: Measured) -> list[str]:
    """What is wrong with the memory: its count, its corrections, its moments."""
    if "parameter" not in failed.place:
        return [
            "at a rate of 0 an image's loss stays the same, and this one does not: something moves, or losses are old"
        ]
    assert failed.evidence is not None
    found, true = failed.evidence
    step, key = failed.place["step"], failed.place["parameter"]
    if not found.any():
        return ["no parameter moved: the rate of 0 of the call before is kept, or export_params returns stale ones"]
    early, late = _gradients(climb)
    far = np.argsort(-np.abs(found - true), axis=None)[:SAMPLE]
    own, its = (grad[key].ravel()[far].astype(np.float64) for grad in (early, late))
    candidates = mistakes.memory(own, its, None if step == WHOLE else _weights(step).steps - 1)
    if match := mistakes.matching(found.ravel()[far], true.ravel()[far], candidates, share=0.1):
        return match
    if step == WHOLE:
        return [
            Advice(f"the first steps are right and step {memory.STEPS} is not: look at what lasts, moments and count")
        ]
    return ["steps from a fresh state are right: load_optimizer does not take in the count or the moments"]


RUNG = Kind(
    "memory",
    f"after {memory.STEPS - 1} steps at rate 0, moments and corrections are Adam's",
    compare,
    f"{SAFETY:g} × (rounding of the stored parameter, of the step and of the moments) and the gradients' noise",
    causes,
)
