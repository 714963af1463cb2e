"""What a backend may offer beside the contract: several seeds trained at once.

A network as small as LeNet leaves most of an accelerator idle. As many of them as there are seeds fill it better, and
take hardly longer than one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from impls.spec import Params


class ManySeeds(ABC):
    """Replicas of a backend's model that are trained in lockstep: step k of all, then step k + 1 of all.

    Each has its own parameters, moments and order, and none knows of the others: what becomes of a replica is what
    becomes of the backend's model alone, but for rounding. That model is not among them and stays as it is.
    """

    @abstractmethod
    def load_many(self, params: Sequence[Params]) -> None:
        """Begin anew with a replica for each of these canonical parameters, without any optimizer state."""

    @abstractmethod
    def export_many(self) -> list[Params]:
        """The current parameters of every replica in canonical form, in the order in which they were loaded."""

    @abstractmethod
    def train_many(self, data: Any, orders: np.ndarray, lr: float) -> np.ndarray:
        """Train one epoch of every replica, as `impls.contract.Backend.train_epoch` does of one.

        Args:
            data: the training split, as the backend's ``to_device`` returned it; all replicas share it.
            orders: (replicas, steps, batch) int64, the images of each step of each replica.
            lr: learning rate of the whole epoch, the same for all.

        Returns:
            (replicas, steps) float32: the loss of each step, before that step's update. The device is idle by then.
        """

    @abstractmethod
    def predict_many(self, data: Any) -> np.ndarray:
        """The most probable class (replicas, N) of every image of a resident split; waits for the device."""
