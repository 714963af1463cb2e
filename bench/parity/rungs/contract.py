"""Rung 1: parameters, log-probabilities, gradients and losses have the names, shapes and dtypes agreed.

A departure is not a wrong result but no result at all: it ends the climb with a sentence that names the method. Methods
that are not written yet, and raise NotImplementedError, are an exception: the first rung that needs one ends the climb,
so that what is written is checked before the rest is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from bench.parity.rungs.base import Climb, Kind
from bench.parity.verdict import Measured
from impls.errors import BackendError
from impls.spec import PARAMETERS_TOTAL


def compare(climb: Climb) -> list[Measured]:
    """Every method once, on an ordinary batch; `bench.guard.backend` raises on what was not agreed."""

    @contextmanager
    def if_written(method: str) -> Iterator[None]:
        try:
            yield
        except BackendError as error:
            if not isinstance(error.__cause__, NotImplementedError):
                raise
            climb.left_out.append(f"{method}: it is not written yet")

    backend, case = climb.backend, climb.expected.cases[0]
    assert case.indices is not None
    answers: dict[str, np.ndarray] = {}
    backend.load_params(case.params)
    total = sum(value.size for value in backend.export_params().values())
    with if_written("read_batch"):
        backend.read_batch(climb.train, case.indices)
    with if_written("log_probs"):
        answers["log_probs"] = backend.log_probs(case.images)
    with if_written("loss_and_grads"):
        loss, grads = backend.loss_and_grads(case.images, case.labels)
        answers["loss_and_grads' loss"] = np.array(loss)
        answers |= {f"loss_and_grads' {name}": grad for name, grad in grads.items()}
    with if_written("train_epoch"):
        backend.train_epoch(climb.train, case.indices[None], climb.expected.lr)
    with if_written("predict"):
        backend.predict(climb.short_test, climb.expected.short_test)
    answers |= {f"activations' {name}": value for name, value in backend.activations(case.images).items()}
    for what, value in answers.items():
        if not np.isfinite(value).all():
            raise BackendError(f"{what} holds NaN or infinity for an ordinary batch of images in [0, 1].")
    off = float(abs(total - PARAMETERS_TOTAL))
    return [Measured(off, 0, f"names, shapes, dtypes and the {PARAMETERS_TOTAL:,} parameters")]


RUNG = Kind(
    "contract",
    f"names, shapes and dtypes are as agreed, and there are {PARAMETERS_TOTAL:,} parameters",
    compare,
    "exact",
    lambda climb, failed: [],
)
