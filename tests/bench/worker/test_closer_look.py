"""What is seen of a backend on the test split: its loss and what it takes for what."""

from __future__ import annotations

import numpy as np
import pytest

from bench.guard.backend import Guarded
from bench.worker import closer_look
from fakes import Sound
from impls.data.synthetic import synthetic_split
from impls.reference import network
from impls.spec import initial_params


def test_the_loss_is_that_of_all_images_and_the_classes_are_counted() -> None:
    split, params = synthetic_split("test", 1234), initial_params(3)
    backend = Guarded(Sound())
    backend.load_params(params)
    log_probs, _ = network.forward(network.as_float64(params), split.images)
    assert closer_look.test_loss(backend, split) == pytest.approx(network.loss(log_probs, split.labels), rel=1e-6)
    counts = np.array(closer_look.confusion(backend, backend.to_device(split), split.labels))
    assert counts.sum() == 1234
    np.testing.assert_array_equal(counts.sum(axis=1), np.bincount(split.labels, minlength=10))
    right = (log_probs.argmax(axis=1) == split.labels).sum()
    assert np.trace(counts) == pytest.approx(right, abs=1)  # a near-tie
