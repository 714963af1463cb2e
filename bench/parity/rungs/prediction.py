"""Rung 11: the class of every test image is the oracle's most probable one, or as probable up to the noise.

And what evaluates follows what trains: after a step, log-probabilities, loss and classes are those of the parameters
that are exported then.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bench.parity import cases
from bench.parity.rungs.base import Climb, Kind, compare_arrays
from bench.parity.verdict import Measured
from impls.reference import network
from impls.reference.network import as_float64

AFTER, INITIAL = "after a step", "the test split under the initial parameters"


def compare(climb: Climb) -> list[Measured]:
    """Wrong classes on the whole test split, and on a beginning of it that no batch size divides."""
    expected, backend = climb.expected, climb.backend
    first, results = _under_initial_parameters(climb), []
    backend.load_params(expected.trained)
    allowed = 2 * expected.trained_tolerance  # both of the log-probabilities compared may be off
    for split, data, size in (
        ("the test split", climb.test, len(expected.test_log_probs)),
        (f"its first {expected.short_test}", climb.short_test, expected.short_test),
    ):
        true = expected.test_log_probs[:size]
        classes = backend.predict(data, size)
        results.append(_classes(split, classes, true, allowed))
    return [*results, first, *_after_a_step(climb)]


def _classes(split: str, classes: np.ndarray, true: np.ndarray, allowed: float) -> Measured:
    """How many classes are less probable than the oracle's best by more than is allowed."""
    wrong = true.max(axis=1) - true[np.arange(len(true)), classes] > allowed
    place = {"case": split, "index": [int(wrong.argmax())]} if wrong.any() else {"case": split}
    ties = int((classes != true.argmax(axis=1)).sum() - wrong.sum())
    detail = f"{int(wrong.sum()):,} of {len(true):,} are wrong; {ties} more are as probable up to {allowed:.1g}"
    return Measured(float(wrong.sum()), 0, f"classes of {split}", place, detail, (classes, true.argmax(axis=1)))


def _under_initial_parameters(climb: Climb) -> Measured:
    """The same images under other parameters first, so that classes kept from there show."""
    expected, backend = climb.expected, climb.backend
    images, _ = backend.read_batch(climb.test, np.arange(expected.short_test))
    true, _ = network.forward(as_float64(expected.params), images)
    backend.load_params(expected.params)
    classes = backend.predict(climb.short_test, expected.short_test)
    allowed = 2 * expected.cases[0].tolerance["log_probs"] * float(np.abs(true).max())
    return _classes(INITIAL, classes, true, allowed)


def _after_a_step(climb: Climb) -> list[Measured]:
    """Log-probabilities, loss and classes after a step that is large enough to change them."""
    expected, backend = climb.expected, climb.backend
    first, short = expected.cases[0], expected.cases[2]
    assert first.indices is not None
    backend.load_params(expected.trained)
    backend.train_epoch(climb.train, first.indices[None], 0.01)
    found, (loss, _) = backend.log_probs(short.images), backend.loss_and_grads(short.images, short.labels)
    classes = backend.predict(climb.short_test, expected.short_test)
    params = backend.export_params()
    true = cases.make(AFTER, params, None, short.images, short.labels, expected.precision)
    images, _ = backend.read_batch(climb.test, np.arange(expected.short_test))
    log_probs, _ = network.forward(as_float64(params), images)
    allowed = 2 * true.tolerance["log_probs"] * float(np.abs(log_probs).max())
    detail = f"{loss:.7g} where the oracle has {true.loss:.7g}"
    return [
        compare_arrays(found, true.log_probs, true.tolerance["log_probs"], f"log-probabilities {AFTER}", case=AFTER),
        Measured(abs(loss / true.loss - 1), true.tolerance["loss"], f"loss {AFTER}", {"case": AFTER}, detail),
        replace(_classes(f"the test split {AFTER}", classes, log_probs, allowed), place={"case": AFTER}),
    ]


def causes(climb: Climb, failed: Measured) -> list[str]:
    """Evaluation that is not the forward pass just checked."""
    if failed.place["case"] == AFTER:
        return ["evaluation does not follow training: it holds parameters of its own, set by load_params alone"]
    assert failed.evidence is not None
    found, true = failed.evidence
    if failed.place["case"] == INITIAL:
        return ["log-probabilities of a batch are right, so evaluation differs: stale parameters, another precision"]
    if (found == _under_initial(climb, len(found))).mean() > 0.99:
        return ["these are the classes under the parameters loaded before: evaluation keeps its answers, or parameters"]
    if failed.place["case"] != "the test split":
        return ["the whole split is right: the last, shorter batch is not"]
    climb.backend.load_params(climb.expected.trained)
    again = climb.backend.predict(climb.test, len(true))
    if (found != again).mean() > 0.01:  # near-ties may fall either way
        return ["two evaluations of the same parameters differ: noise or dropout is active at evaluation"]
    if _are_of_the_training_split(climb, found):
        return ["these are the classes of the training split's images"]
    if (found == true).mean() < 0.2:
        return ["hardly any class is right: another order of images, or not the most probable class"]
    return ["log-probabilities of a batch are right, so evaluation differs: stale parameters, another precision"]


def _under_initial(climb: Climb, size: int) -> np.ndarray:
    """The oracle's classes of the first images of the test split under the initial parameters."""
    images, _ = climb.backend.read_batch(climb.test, np.arange(size))
    return network.forward(climb.expected.params, images)[0].argmax(axis=1)


def _are_of_the_training_split(climb: Climb, found: np.ndarray) -> bool:
    n = min(500, len(found), climb.expected.order.size)
    images, _ = climb.backend.read_batch(climb.train, np.arange(n))
    log_probs, _ = network.forward(climb.expected.trained, images)
    return bool((log_probs.argmax(axis=1) == found[:n]).mean() > 0.99)


RUNG = Kind(
    "prediction",
    "the class of every test image is the oracle's, or as probable",
    compare,
    "exact, up to twice the noise of a log-probability",
    causes,
)
