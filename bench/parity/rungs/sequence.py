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


def _run(climb: Climb, *, evaluating: bool = True) -> tuple[np.ndarray, Params]:
    """The losses of all steps, and the parameters in the end; evaluations between the calls take turns."""
    expected, backend = climb.expected, climb.backend
    between = [*_evaluations(climb).values()] if evaluating else []
    backend.load_params(expected.params)
    losses = []
    for k, call in enumerate(expected.sequence.calls):
        losses.append(backend.train_epoch(climb.train, call.order, call.lr))
        if k < len(between):
            between[k]()
    return np.concatenate(losses).astype(np.float64), backend.export_params()


def _evaluations(climb: Climb) -> dict[str, Callable[[], object]]:
    """What changes nothing, by name."""
    expected, backend = climb.expected, climb.backend
    short = expected.cases[2]
    return {
        "predict on a part of the test split": lambda: backend.predict(climb.short_test, expected.short_test),
        "loss_and_grads": lambda: backend.loss_and_grads(short.images, short.labels),
        "export_params": backend.export_params,
        "predict on the test split": lambda: backend.predict(climb.test, len(expected.test_log_probs)),
        "log_probs": lambda: backend.log_probs(short.images[:1]),
    }


def causes(climb: Climb, failed: Measured) -> list[str]:
    """What is kept from one call to the next and should not be, or is not kept and should be."""
    expected = climb.expected.sequence
    if spoils := _what_spoils(climb):
        return [f"{spoils} changes what training continues from: an evaluation must leave all as it is"]
    _, params = _run(climb)
    start = as_float64(climb.expected.params)
    key = failed.place.get("parameter", "fc2.weight")
    own, true = params[key] - start[key], expected.params[key] - start[key]
    programs = mistakes.between_calls(start, expected.calls, partial(climb.backend.read_batch, climb.train))
    candidates = ((cause, after[key] - start[key]) for cause, after in programs)
    if match := mistakes.matching(own, true, candidates, share=0.3):
        return match
    if "step" not in failed.place:
        return ["every loss is right and the parameters in the end are not: the last steps did not reach them"]
    call = failed.place["call"] - 1
    size = expected.calls[call].order.shape[1]
    if _wrong_alone(climb, call):
        return [f"steps of {size} images are wrong after a reload too: batches of that size take another path"]
    before = expected.calls[call - 1].order.shape[1]
    if call and before != size:
        return [
            f"steps of {before} images, then of {size}, with no reload between: a captured or compiled step is "
            "replayed with a batch of another size"
        ]
    return ["each call is right after a reload: something is kept from the call before, or lost"]


def _what_spoils(climb: Climb) -> str:
    """The evaluation without which the next steps have other losses; empty if none does."""
    expected, backend = climb.expected, climb.backend
    first, second = expected.sequence.calls[0], expected.sequence.calls[3]

    def losses(evaluate: Callable[[], object]) -> np.ndarray:
        backend.load_params(expected.params)
        backend.train_epoch(climb.train, first.order, first.lr)
        evaluate()
        return backend.train_epoch(climb.train, second.order, second.lr)

    undisturbed = losses(lambda: None)
    allowed = expected.sequence.tolerance[len(first.order) + len(second.order) - 1]  # of so many steps
    for name, evaluate in _evaluations(climb).items():
        if np.abs(losses(evaluate) / undisturbed - 1).max() > allowed:
            return name
    return ""


def _wrong_alone(climb: Climb, number: int) -> bool:
    """Whether a call is wrong from loaded parameters as well: by a hundredth of its way or more."""
    backend, start, call = climb.backend, climb.expected.params, climb.expected.sequence.calls[number]
    backend.load_params(start)
    backend.train_epoch(climb.train, call.order, call.lr)
    batch = partial(backend.read_batch, climb.train)
    true = mistakes.trained(as_float64(start), [call], batch)
    return max(sequence.distances(backend.export_params(), true, start).values()) > 0.01


RUNG = Kind(
    "sequence",
    "calls of mixed sizes and rates, with evaluations between them, stay as near as twins do without a reload",
    compare,
    sequence.SOURCE,
    causes,
)
