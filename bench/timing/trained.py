"""What one epoch did, for comparison: its losses and the parameters after it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bench.worker.variant import Subject
from impls.spec import Params


class Trained(NamedTuple):
    """The loss of each step of an epoch, (steps,) float32, and the canonical parameters after its last step."""

    losses: np.ndarray
    params: Params


def last_epoch(subject: Subject) -> Trained:
    """What the last epoch of a variant did. The clock of that epoch has stopped; the parameters are read once more."""
    assert subject.last
    return Trained(subject.last.losses, subject.params())
