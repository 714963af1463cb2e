"""Rung 10: calls of mixed batch sizes and rates, evaluations between them, and nothing reloaded.

The rungs below load parameters before nearly all that they ask. What a program keeps from one call to the next shows
only here: a captured step that is replayed with a batch of another size, an optimizer that is made anew with another
rate, parameters that an evaluation changes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from bench.parity import mistakes, sequence
from bench.parity.rungs.base import Climb, Kind
from bench.parity.verdict import Measured
from impls.reference.network import as_float64
from impls.spec import PARAMETER_SHAPES, Params


def compare(climb: Climb) -> list[Measured]:
    """Every step's loss, and the parameters in the end."""
    expected = climb.expected.sequence
    losses, params = _run(climb)
    results = []
    for k, (call, step) in enumerate(sequence.steps_of(expected.calls)):
        found, true = losses[k], expected.losses[k]
        size = len(expected.calls[call].order[step])
        results.append(
            Measured(
                float(abs(found / true - 1)),
                float(expected.tolerance[k]),
                f"the loss of step {k + 1} of a sequence of calls",
                {"step": k + 1, "call": call + 1},
                f"{found:.7g} where the oracle has {true:.7g}; call {call + 1}, of {size} images a step",
                (losses, expected.losses),
            )
        )
    apart = sequence.distances(params, expected.params, climb.expected.params)
    for key in PARAMETER_SHAPES:
        what = f"{key} after a sequence of calls, root mean square over its way from the start"
        place, evidence = {"parameter": key}, (params[key], expected.params[key])
        results.append(Measured(apart[key], expected.distance[key], what, place, evidence=evidence))
    return results


def _run(climb: Climb) -> tuple[np.ndarray, Params]:
    """The losses of all steps, and the parameters in the end; evaluations between the calls take turns."""
    expected, backend = climb.expected, climb.backend
    short = expected.cases[2]
    between: list[Callable[[], object]] = [
        lambda: backend.predict(climb.short_test, expected.short_test),
        lambda: backend.loss_and_grads(short.images, short.labels),
        lambda: None,
        lambda: backend.predict(climb.test, len(expected.test_log_probs)),
        backend.export_params,
        lambda: backend.log_probs(short.images[:1]),
    ]
    backend.load_params(expected.params)
    losses = []
    for k, call in enumerate(expected.sequence.calls):
        losses.append(backend.train_epoch(climb.train, call.order, call.lr))
        if k < len(between):
            between[k]()
    return np.concatenate(losses).astype(np.float64), backend.export_params()


def causes(climb: Climb, failed: Measured) -> list[str]:
    """What is kept from one call to the next and should not be, or is not kept and should be."""
    expected = climb.expected.sequence
    if moved := _evaluation_moves(climb):
        return [f"{moved} changes the parameters: an evaluation must leave them as they are"]
    _, params = _run(climb)
    start = as_float64(climb.expected.params)
    key = failed.place.get("parameter", "fc2.weight")
    own = {name: value - start[name] for name, value in params.items()}
    true = {name: value - start[name] for name, value in expected.params.items()}
    programs = mistakes.between_calls(start, expected.calls, partial(climb.backend.read_batch, climb.train))
    candidates = ((cause, after[key] - start[key]) for cause, after in programs)
    if match := mistakes.matching(own[key], true[key], candidates, share=0.3):
        return match
    if "step" not in failed.place:
        return ["every loss is right and the parameters in the end are not: the last steps did not reach them"]
    call = failed.place["call"] - 1
    if call == 0:
        return [
            "training from loaded parameters is right on the rung below: an evaluation or a shape is kept from there"
        ]
    before, now = expected.calls[call - 1], expected.calls[call]
    if before.order.shape[1] != now.order.shape[1]:
        sizes = f"{before.order.shape[1]} images, and then {now.order.shape[1]}"
        return [
            f"steps of {sizes}, without a reload: a captured or compiled step is replayed with another size's batch"
        ]
    return ["each call is right after a reload: something is kept from the call before, or lost"]


def _evaluation_moves(climb: Climb) -> str:
    """The method that changes parameters; empty if none does."""
    expected, backend = climb.expected, climb.backend
    short = expected.cases[2]
    evaluations: dict[str, Callable[[], object]] = {
        "predict": lambda: backend.predict(climb.short_test, expected.short_test),
        "loss_and_grads": lambda: backend.loss_and_grads(short.images, short.labels),
        "log_probs": lambda: backend.log_probs(short.images),
    }
    for name, evaluate in evaluations.items():
        backend.load_params(expected.params)
        backend.train_epoch(climb.train, expected.sequence.calls[0].order, expected.lr)
        before = {key: value.copy() for key, value in backend.export_params().items()}
        evaluate()
        after = backend.export_params()
        if any((after[key] != before[key]).any() for key in before):
            return name
    return ""


RUNG = Kind(
    "sequence",
    "calls of mixed sizes and rates, with evaluations between them, stay as near as twins do without a reload",
    compare,
    sequence.SOURCE,
    causes,
)
