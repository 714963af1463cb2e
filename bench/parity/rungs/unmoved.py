"""Why no parameter moved in a step: asked only where none did."""

from __future__ import annotations

import numpy as np

from bench.parity.rungs.base import Advice, Climb
from bench.parity.rungs.optimizer_steps import LARGER, Passes
from impls.spec import Params


def causes(climb: Climb, step: str, passes: Passes) -> list[str]:
    """What keeps a step from parameters, told by steps of another length and by the evaluation after a step.

    Args:
        climb: of the backend.
        step: the name of the step.
        passes: its batches and rates.
    """
    if step == LARGER:
        return ["no parameter moved: a step with a large gradient or a large loss is skipped"]
    if passes[0][1] == 0:
        return ["a single step moves parameters and this one does not: the rate of the first epoch, 0, is kept"]
    case, lr = passes[0]
    assert case.indices is not None
    two = np.stack([case.indices, case.indices])
    moved, evaluated = _after(climb, case.params, case.images, two, lr)
    if moved:
        return [
            "no parameter moved in a call of one step, and in one of two they did: the order's last row is left out"
        ]
    if evaluated:
        return ["no parameter moved, and log_probs did: export_params returns stale ones"]
    return [
        "no parameter moved, given out or evaluated: a captured or compiled step, or the optimizer, holds the tensors "
        "of the constructor or of an earlier load_params",
        Advice("load parameters in place, or make the optimizer and the step anew in load_params"),
    ]


def _after(climb: Climb, start: Params, images: np.ndarray, order: np.ndarray, lr: float) -> tuple[bool, bool]:
    """Whether training changes the parameters given out, and the log-probabilities of some images."""
    backend = climb.backend
    backend.load_params(start)
    before = backend.log_probs(images)
    backend.train_epoch(climb.train, order, lr)
    params = backend.export_params()
    moved = any((params[name] != value).any() for name, value in start.items())
    return moved, bool((backend.log_probs(images) != before).any())
