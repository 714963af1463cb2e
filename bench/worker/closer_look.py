"""What else is seen of a backend on the test split after an epoch, outside all that is timed."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.guard.backend import Guarded
from impls.data import Split
from impls.spec import CLASSES

PART = 1000
"""Images of the test split that log-probabilities are asked for at a time."""


def test_loss(backend: Guarded, split: Split) -> float:
    """Mean negative log-likelihood, in nats, summed in float64.

    Args:
        backend: with the parameters in question.
        split: the test split.
    """
    total = 0.0
    for start in range(0, len(split), PART):
        labels = split.labels[start : start + PART]
        log_probs = backend.log_probs(split.images[start : start + PART]).astype(np.float64)
        total -= float(log_probs[np.arange(len(labels)), labels].sum())
    return total / len(split)


def confusion(backend: Guarded, data: Any, labels: np.ndarray) -> list[list[int]]:
    """How many images of each class (rows) are taken for each class (columns), 10 by 10.

    Args:
        backend: with the parameters in question.
        data: the split, as `Backend.to_device` returned it.
        labels: its labels, (N,) int64.
    """
    counts = np.zeros((CLASSES, CLASSES), np.int64)
    np.add.at(counts, (labels, backend.predict(data, len(labels))), 1)
    return [[int(count) for count in row] for row in counts]
