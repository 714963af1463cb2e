"""A backend whose every answer is held against the contract, and whose every failure is a sentence.

What a backend raises, and what it returns in another form than agreed, becomes a `BackendError` that names the
method. What its numbers are worth is not judged here but on the ladder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from impls.contract import AdamState, Backend, ManySeeds
from impls.data import Split
from impls.errors import BackendError, LenetError
from impls.spec import CLASSES, IMAGE_SHAPE, PARAMETER_SHAPES, Params
from impls.spec.fused import GIVEN_SHAPES

Array = np.ndarray


@contextmanager
def calling(method: str) -> Iterator[None]:
    """Turn what a backend's method raises into a sentence that names it."""
    try:
        yield
    except LenetError:
        raise
    except Exception as error:
        raise BackendError(f"{method} raised {type(error).__name__}: {error}") from error


class Guarded:
    """The contract's methods, guarded.

    Arguments are copies, but for the splits, so that a backend may keep or change what it gets; and so are gradients
    and log-probabilities that come back, so that one that reuses their memory spoils nothing.

    Args:
        backend: to be called.
        entering: told the name of every method before it is called.
    """

    def __init__(self, backend: Backend, entering: Callable[[str], None] = lambda method: None) -> None:
        self._backend, self.entering = backend, entering

    def _call(self, method: str, *args: Any) -> Any:
        self.entering(method)
        with calling(method):
            return getattr(self._backend, method)(*args)

    def load_params(self, params: Params) -> None:
        """Hand on a copy of every parameter, so that the backend cannot change the caller's."""
        self._call("load_params", {name: value.copy() for name, value in params.items()})

    def export_params(self) -> Params:
        """Every canonical parameter, checked: float32, of its shape. Raises BackendError."""
        return check_params("export_params", self._call("export_params"))

    def export_optimizer(self) -> AdamState | None:
        """The optimizer's state, checked: moments of every parameter, float32 and of its shape. Raises BackendError."""
        state = self._call("export_optimizer")
        if state is None:
            return None
        if not isinstance(state, AdamState) or type(state.steps) is not int:
            raise BackendError(f"export_optimizer returned {_form(state)} where impls.contract.AdamState was agreed.")
        first, second = (
            {name: value.copy() for name, value in check_params("export_optimizer", moments).items()}
            for moments in (state.first, state.second)
        )
        return AdamState(state.steps, first, second)

    def load_optimizer(self, state: AdamState) -> None:
        """Hand on a copy of the state."""
        first, second = ({n: m.copy() for n, m in moments.items()} for moments in (state.first, state.second))
        self._call("load_optimizer", AdamState(state.steps, first, second))

    def to_device(self, split: Split) -> Any:
        """Whatever the backend makes of the split; it is only handed back to the backend."""
        return self._call("to_device", split)

    def read_batch(self, data: Any, indices: Array) -> tuple[Array, Array]:
        """Images (B, 3, 32, 32) float32 and labels (B,) int64, checked. Raises BackendError."""
        images, labels = _pair("read_batch", self._call("read_batch", data, indices.copy()))
        check_array("read_batch's images", images, (len(indices), *IMAGE_SHAPE), np.float32)
        return images, check_array("read_batch's labels", labels, (len(indices),), np.int64)

    def log_probs(self, images: Array) -> Array:
        """A copy of the log-probabilities (N, 10) float32, checked. Raises BackendError."""
        found = self._call("log_probs", images.copy())
        return check_array("log_probs' result", found, (len(images), CLASSES), np.float32).copy()

    def activations(self, images: Array) -> dict[str, Array]:
        """Activations by names that the specification knows, in the order of a forward pass. Raises BackendError."""
        found = self._call("activations", images.copy())
        if not isinstance(found, dict) or not set(found) <= set(GIVEN_SHAPES):
            got = sorted(map(str, found)) if isinstance(found, dict) else _form(found)
            raise BackendError(f"activations returned {got} where some of {list(GIVEN_SHAPES)} were agreed.")
        for name, value in found.items():
            check_array(f"activations' {name}", value, (len(images), *GIVEN_SHAPES[name]), np.float32)
        return {name: found[name] for name in GIVEN_SHAPES if name in found}

    def loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        """The loss as a float and a copy of every gradient, checked. Raises BackendError."""
        loss, grads = _pair("loss_and_grads", self._call("loss_and_grads", images.copy(), labels.copy()))
        if not isinstance(loss, (float, np.floating)):
            raise BackendError(f"loss_and_grads returned {_form(loss)} as the loss where a float was agreed.")
        checked = check_params("loss_and_grads", grads)
        return float(loss), {name: grad.copy() for name, grad in checked.items()}

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        """The losses (steps,) float32, checked to be finite. Raises BackendError."""
        return check_losses(self._call("train_epoch", data, order.copy(), lr), len(order))

    def predict(self, data: Any, size: int) -> Array:
        """The classes (size,) of a split of ``size`` images, checked. Raises BackendError."""
        return check_classes(self._call("predict", data), size)

    def many(self) -> ManySeeds | None:
        """The backend's way to train several seeds at once, or None; `bench.guard.many` guards what comes back."""
        found = self._call("many")
        if not isinstance(found, ManySeeds | None):
            raise BackendError(f"many returned {_form(found)} where impls.contract.ManySeeds or None was agreed.")
        return found


def _pair(method: str, value: Any) -> tuple[Any, Any]:
    if not isinstance(value, tuple) or len(value) != 2:
        raise BackendError(f"{method} returned {_form(value)} where a pair was agreed.")
    return value


def check_params(method: str, params: Any) -> Params:
    """Canonical parameters or gradients: every name, shape and dtype; whatever their values."""
    if not isinstance(params, dict) or set(params) != set(PARAMETER_SHAPES):
        got = sorted(map(str, params)) if isinstance(params, dict) else _form(params)
        raise BackendError(f"{method} returned {got} where the names {sorted(PARAMETER_SHAPES)} were agreed.")
    return {
        name: check_array(f"{method}'s {name}", params[name], PARAMETER_SHAPES[name], np.float32)
        for name in PARAMETER_SHAPES
    }


def check_array(what: str, value: Any, shape: tuple[int, ...], dtype: type) -> Array:
    """A NumPy array of one shape and dtype."""
    if not isinstance(value, np.ndarray) or value.shape != shape or value.dtype != dtype:
        hint = "" if isinstance(value, np.ndarray) else "; wrap it in numpy.array"
        raise BackendError(f"{what} is {_form(value)} where {np.dtype(dtype)}{shape} in NumPy was agreed{hint}.")
    return value


def check_losses(losses: Any, steps: int, method: str = "train_epoch") -> Array:
    """The finite losses of an epoch's steps."""
    check_array(f"{method}'s result", losses, (steps,), np.float32)
    if not np.isfinite(losses).all():
        step = int(np.flatnonzero(~np.isfinite(losses))[0])
        raise BackendError(f"{method} returned a loss of {losses[step]} at step {step + 1} of {steps}.")
    return losses


def check_classes(classes: Any, size: int, method: str = "predict") -> Array:
    """One class per image, from 0 to 9, as any integer dtype."""
    good = isinstance(classes, np.ndarray) and classes.shape == (size,) and np.issubdtype(classes.dtype, np.integer)
    if not good:
        raise BackendError(
            f"{method} returned {_form(classes)} where integers ({size},) in NumPy were agreed: "
            "one for every image, those of the last, shorter batch included."
        )
    if size and not 0 <= classes.min() <= classes.max() < CLASSES:
        raise BackendError(f"{method} returned classes from {classes.min()} to {classes.max()}; they are 0 to 9.")
    return classes


def _form(value: Any) -> str:
    """What a value is, in a few words."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{value.shape}"
    return f"a {type(value).__module__}.{type(value).__name__}".replace("builtins.", "")
