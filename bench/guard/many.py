"""What a backend offers for several seeds at once, held against its contract, as in `bench.guard.backend`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bench.guard.backend import calling, check_array, check_classes, check_losses, check_params
from impls.contract import ManySeeds
from impls.errors import BackendError
from impls.spec import Params

Array = np.ndarray


class GuardedMany:
    """The methods of `ManySeeds`, guarded; arguments are copies but for splits.

    Args:
        many: to be called.
        entering: told the name of every method before it is called.
    """

    def __init__(self, many: ManySeeds, entering: Callable[[str], None]) -> None:
        self._many, self._entering = many, entering
        self._replicas = 0

    def _call(self, method: str, *args: Any) -> Any:
        self._entering(method)
        with calling(method):
            return getattr(self._many, method)(*args)

    def load_many(self, params: Sequence[Params]) -> None:
        """As agreed."""
        self._replicas = len(params)
        self._call("load_many", [{name: value.copy() for name, value in each.items()} for each in params])

    def export_many(self) -> list[Params]:
        """As agreed; every replica's parameters are whole, float32 and of their shapes."""
        found = self._call("export_many")
        if not isinstance(found, list) or len(found) != self._replicas:
            got = f"a list of {len(found)}" if isinstance(found, list) else f"a {type(found).__name__}"
            raise BackendError(f"export_many returned {got} where a list of {self._replicas} was agreed.")
        checked = [check_params("export_many", each) for each in found]
        return [{name: value.copy() for name, value in each.items()} for each in checked]

    def train_many(self, data: Any, orders: Array, lr: float) -> Array:
        """As agreed; losses are finite."""
        return check_losses_of_all(self._call("train_many", data, orders.copy(), lr), orders.shape[:2])

    def predict_many(self, data: Any, size: int) -> Array:
        """As agreed, for a split of ``size`` images."""
        return check_classes_of_all(self._call("predict_many", data), (self._replicas, size))


def check_losses_of_all(losses: Any, shape: tuple[int, ...]) -> Array:
    """The finite losses (replicas, steps) of an epoch of every replica."""
    check_array("train_many's result", losses, shape, np.float32)
    for each in losses:
        check_losses(each, shape[1], "train_many")
    return losses


def check_classes_of_all(classes: Any, shape: tuple[int, ...]) -> Array:
    """Classes (replicas, N), each from 0 to 9, as any integer dtype."""
    if not isinstance(classes, np.ndarray) or classes.shape != shape:
        got = f"{classes.dtype}{classes.shape}" if isinstance(classes, np.ndarray) else f"a {type(classes).__name__}"
        raise BackendError(f"predict_many returned {got} where integers {shape} in NumPy were agreed.")
    return np.stack([check_classes(each, shape[1], "predict_many") for each in classes])
