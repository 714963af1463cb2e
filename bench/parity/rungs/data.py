"""Rung 3: every batch of an epoch and the test split, read back, have the bytes that the pipeline gave out."""

from __future__ import annotations

import numpy as np

from bench.parity.oracle import batches_of, hash_batch
from bench.parity.rungs.base import Climb, Kind
from bench.parity.verdict import Measured


def compare(climb: Climb) -> list[Measured]:
    """The hash of each batch of the epoch, in order."""
    results = []
    for step, (indices, true) in enumerate(zip(climb.expected.order, climb.expected.batch_hashes, strict=True)):
        images, labels = climb.backend.read_batch(climb.train, indices)
        differs = hash_batch(images, labels) != true
        what = f"the bytes of batch {step + 1} of the epoch"
        evidence = (images, labels) if differs else None
        results.append(Measured(float(differs), 0, what, {"step": step + 1}, evidence=evidence))
        if differs:
            return results  # the first that differs is the news
    size = len(climb.expected.test_log_probs)
    for k, (indices, true) in enumerate(zip(batches_of(size), climb.expected.test_hashes, strict=True)):
        differs = hash_batch(*climb.backend.read_batch(climb.test, indices)) != true
        what = f"the bytes of part {k + 1} of the test split"
        results.append(Measured(float(differs), 0, what, {"step": k + 1, "case": "test"}))
    return results


def causes(climb: Climb, failed: Measured) -> list[str]:
    """Which change of the images or of the order gives what the backend has."""
    if failed.place.get("case") == "test":
        return ["the training split is right and the test split is not: treated otherwise, or taken for another"]
    case = climb.expected.cases[0]
    assert case.indices is not None
    images, labels = climb.backend.read_batch(climb.train, case.indices)
    true = case.images
    changes = {
        "red and blue are swapped": true[:, ::-1],
        "rows and columns are swapped": true.transpose(0, 1, 3, 2),
        "pixels are divided by 256 and not by 255": true * np.float32(255 / 256),
        "pixels are from 0 to 255 and not from 0 to 1": true * np.float32(255),
        "images are mirrored": true[..., ::-1],
    }
    close = [cause for cause, changed in changes.items() if np.allclose(images, changed, rtol=1e-6, atol=0)]
    if close:
        return [close[0]]
    if np.array_equal(images, true) and not np.array_equal(labels, case.labels):
        return ["the images are right and the labels are not"]
    if np.abs(images - true).max() < 1e-2:
        return ["the pixels are close but not equal: stored in fewer bits, or scaled another way"]
    slope, shift = np.polyfit(true.ravel(), images.ravel(), 1)
    if np.allclose(images, slope * true + shift, atol=1e-3 * abs(slope)):
        return [f"the pixels are {slope:.4g} times what they should be, plus {shift:.4g}: another normalisation"]
    assert failed.evidence is not None
    seen = hash_batch(*failed.evidence)
    if seen in climb.expected.batch_hashes:
        return [f"this is batch {climb.expected.batch_hashes.index(seen) + 1}: batches repeated or in another order"]
    return ["the gather does not follow the indices, or the images are laid out otherwise"]


RUNG = Kind(
    "data",
    "the bytes of every batch of an epoch are those that the pipeline gave out",
    compare,
    "exact (SHA-256 of images and labels)",
    causes,
)
