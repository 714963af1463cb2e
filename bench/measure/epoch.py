"""What a worker says of an epoch that it timed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Epoch:
    """One timed epoch.

    Attributes:
        seconds: of the backend's own call.
        losses: (steps,) float32.
        page_faults: of the process meanwhile.
        unfinished_seconds: how much longer the parameters took to read right after it than once more: what the device
            still had to do when `train_epoch` returned.
    """

    seconds: float
    losses: np.ndarray
    page_faults: int
    unfinished_seconds: float
