"""What `load_params` leaves behind of the training before it: asked only where a step is wrong."""

from __future__ import annotations

import numpy as np

from bench.parity import memory
from bench.parity.cases import ORDINARY
from bench.parity.rungs.base import Climb
from impls.spec import ADAM_BETA1, ADAM_BETA2, Params

Array = np.ndarray

MOST = 1_000_000
"""Steps that may have been counted before."""

CLEAR = 1e-5
"""Gradients above this are so far above Adam's ε that it does not show in a step."""

NEAR = 0.02
"""Two steps are alike if they differ by less than this in most elements."""

ROUGHLY = 0.15
"""Of the length of a step. A count that is reset makes it a third shorter."""

MOMENTS, COUNT = "load_params does not reset the moments", "load_params does not reset the step count"
BOTH = "load_params does not reset moments and step count"
GRADIENTS = "gradients are added up in training and never cleared: not in load_params, and not before each step"


def causes(climb: Climb) -> list[str]:
    """What of moments, step count and gradients outlasts `load_params`; nothing if a step after it is right."""
    first, second = (climb.expected.case(name) for name in ORDINARY[:2])
    assert first.indices is not None
    assert second.indices is not None
    _train(climb, np.tile(second.indices, (3, 1)), 0.0)
    step, grads = _train(climb, first.indices[None], 1.0), _flat(first.grads)
    size = np.abs(step)
    clear = np.abs(grads) > CLEAR
    if count := _counted(size[clear]):
        return [f"{COUNT}: this step counts as number {count:,}"]
    wrong = np.sign(step[clear]) == np.sign(grads[clear])  # a step goes against the gradient
    if _mostly(np.abs(size[clear] - 1) < NEAR):
        return [GRADIENTS] if wrong.mean() > NEAR else []
    return [_of_state(climb)]


def _of_state(climb: Climb) -> str:
    """Which of moments and count is kept: by many steps on one image, with a reload before the last and without."""
    late = climb.expected.passes.late
    assert late.indices is not None
    many, one = np.tile(late.indices, (memory.LATE, 1)), late.indices[None]
    before, without, after = (_train(climb, many, 0.0, then=one, reload=reload) for reload in (True, False, True))
    there = np.minimum(np.abs(before), np.abs(without)) > 1e-3
    # What the second moment has of earlier training fades from run to run: the middle one is held between the others.
    ratio = float(np.median(np.sqrt(np.abs(before * after))[there] / np.abs(without)[there]))
    # The moments are those of many steps either way; the count begins with the last step, or goes on.
    anew = _corrected(1) / _corrected(memory.LATE + 1)
    if abs(ratio - 1) < ROUGHLY:
        return BOTH
    return f"{MOMENTS}; the step count it does" if abs(ratio / anew - 1) < ROUGHLY else f"{MOMENTS}, or gradients"


def _corrected(t: int) -> float:
    """What the bias corrections of step ``t`` multiply a step by."""
    return float(np.sqrt(1 - ADAM_BETA2**t) / (1 - ADAM_BETA1**t))


def _counted(size: Array) -> int:
    """The count that makes every first step of this length, in learning rates; 0 if none does, or the right one, 1."""
    length = float(np.median(size))
    if not _mostly(np.abs(size / length - 1) < NEAR) or abs(length - 1) < NEAR:
        return 0
    t = np.arange(2, MOST)
    lengths = (1 - ADAM_BETA1) / np.sqrt(1 - ADAM_BETA2) * np.sqrt(1 - ADAM_BETA2**t) / (1 - ADAM_BETA1**t)
    near = int(np.argmin(np.abs(lengths - length)))
    return int(t[near]) if abs(lengths[near] / length - 1) < NEAR else 0


def _mostly(alike: Array) -> bool:
    return bool(alike.size) and float(alike.mean()) > 0.95


def _flat(params: Params) -> Array:
    return np.concatenate([np.asarray(value, np.float64).ravel() for value in params.values()])


def _train(climb: Climb, order: Array, rate: float, *, then: Array | None = None, reload: bool = False) -> Array:
    """How far each element moves, in learning rates, from the initial parameters: in one call, and another at rate 1.

    Args:
        climb: of the backend.
        order: of the first call.
        rate: of it.
        then: the order of the second call, if there is one.
        reload: whether parameters are loaded before it.
    """
    backend, start = climb.backend, climb.expected.params
    backend.load_params(start)
    backend.train_epoch(climb.train, order, rate)
    if then is not None:
        if reload:
            backend.load_params(start)
        backend.train_epoch(climb.train, then, 1.0)
    after = backend.export_params()
    return _flat({name: after[name] - value.astype(np.float64) for name, value in start.items()})
