"""Rung 9: the class of every test image is the oracle's most probable one, or as probable up to the noise."""

from __future__ import annotations

import numpy as np

from bench.parity.rungs.kind import Climb, Kind
from bench.parity.verdict import Measured
from impls import reference
from impls.errors import BackendError
from impls.spec import CLASSES


def compare(climb: Climb) -> list[Measured]:
    """Wrong classes on the whole test split, and on a beginning of it that no batch size divides."""
    expected, backend = climb.expected, climb.backend
    backend.load_params(expected.trained)
    allowed = 2 * expected.trained_tolerance  # both of the log-probabilities compared may be off
    results = []
    for split, data, size in (
        ("the test split", climb.test, len(expected.test_log_probs)),
        (f"its first {expected.short_test}", climb.short_test, expected.short_test),
    ):
        true = expected.test_log_probs[:size]
        classes = backend.predict(data, size)
        if classes.min() < 0 or classes.max() >= CLASSES:
            raise BackendError(f"predict returned classes from {classes.min()} to {classes.max()}; they are 0 to 9.")
        wrong = true.max(axis=1) - true[np.arange(size), classes] > allowed
        place = {"case": split, "index": [int(wrong.argmax())]} if wrong.any() else {"case": split}
        ties = int((classes != true.argmax(axis=1)).sum() - wrong.sum())
        detail = f"{ties} of {size:,} are another class that is as probable up to {allowed:.1g}"
        evidence = (classes, true.argmax(axis=1))
        results.append(Measured(float(wrong.sum()), 0, f"classes of {split}", place, detail, evidence))
    return results


def causes(climb: Climb, failed: Measured) -> list[str]:
    """Evaluation that is not the forward pass just checked."""
    assert failed.evidence is not None
    found, true = failed.evidence
    if failed.place["case"] != "the test split":
        return ["the whole split is right: the last, shorter batch is not"]
    again = climb.backend.predict(climb.test, len(true))
    if not np.array_equal(found, again):
        return ["two evaluations of the same parameters differ: noise or dropout is active at evaluation"]
    if _are_of_the_training_split(climb, found):
        return ["these are the classes of the training split's images"]
    if (found == true).mean() < 0.2:
        return ["hardly any class is right: another order of images, or not the most probable class"]
    return ["log-probabilities of a batch are right, so evaluation differs: stale parameters, another precision"]


def _are_of_the_training_split(climb: Climb, found: np.ndarray) -> bool:
    n = min(500, len(found), climb.expected.order.size)
    images, _ = climb.backend.read_batch(climb.train, np.arange(n))
    log_probs, _ = reference.forward(climb.expected.trained, images)
    return bool((log_probs.argmax(axis=1) == found[:n]).mean() > 0.99)


RUNG = Kind(
    "prediction",
    "the class of every test image is the oracle's, or as probable",
    compare,
    "exact, up to twice the noise of a log-probability",
    causes,
)
