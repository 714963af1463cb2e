"""The steps that the optimizer's rung takes, and what a backend makes of them."""

from __future__ import annotations

from bench.parity.cases import ZERO, Case
from bench.parity.rungs.base import Climb
from impls.spec import Params

Passes = list[tuple[Case, float]]
"""Batches and learning rates of steps, each an epoch of its own."""

FIRST, SHORT, SECOND = "step 1", "a short step", "step 2"
RESUMED = "step 2, from a state put back"
AT_RATE_1, SMALL_RATE, ODD_RATE = "a step at rate 1", "a step at a small rate", "a step at rate 0.7"
LARGER = "a step after a larger gradient"
IN_TRAINING = ", in training"
"""The end of the name of a step that shows whether training treats a special case as `loss_and_grads` does."""


def sequences(climb: Climb) -> dict[str, Passes]:
    """The steps of the rung, by the name of the last."""
    first, second, short = climb.expected.cases[:3]
    lr = climb.expected.lr
    zero, extreme, one = (climb.expected.case(n) for n in (ZERO, "extreme logits", "one extreme image"))
    steps = {
        FIRST: [(first, lr)],
        SHORT: [(short, lr)],
        SECOND: [(first, 0.0), (second, lr)],
        AT_RATE_1: [(zero, 1.0)],
        SMALL_RATE: [(first, lr / 512)],  # as after nine halvings
        ODD_RATE: [(first, 0.7)],  # no short binary fraction
        LARGER: [(one, 0.0), (extreme, 1.0)],
    }
    for name, (before, after) in climb.expected.passes.in_training.items():
        steps[name + IN_TRAINING] = [(before, 0.0), (after, 1.0)]
    can_go_on = climb.backend.export_optimizer() is not None
    return steps | ({RESUMED: steps[SECOND]} if can_go_on else {})


def run(climb: Climb, passes: Passes, *, resumed: bool = False) -> tuple[list[Params], Params, int]:
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
