"""The rungs of the ladder: each takes a backend to the oracle's answers and says how far it is from them.

Each rung assumes those before it, so the first that fails is where the cause is: gradients are compared
on the oracle's parameters, and the optimizer is given the backend's own gradients.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bench.parity.cases import Case
from bench.parity.noise import SAFETY, relative_error
from bench.parity.oracle import Expected, hash_batches
from bench.parity.twins import TRAJECTORY_STEPS
from bench.parity.verdict import Measured
from impls.contract import Backend
from impls.errors import BackendError
from impls.reference import Adam, as_float64
from impls.spec import CLASSES, PARAMETER_SHAPES, Params


class Climb:
    """One backend on its way up: what the rungs share.

    Attributes:
        backend: under test.
        expected: the oracle's answers.
        train: the training split, resident on the backend's device.
        test: the test split, likewise.
        losses: of the trajectory, once that rung has run.
    """

    def __init__(self, backend: Backend, expected: Expected, train: Any, test: Any) -> None:
        self.backend, self.expected, self.train, self.test = backend, expected, train, test
        self.losses: list[float] = []


def contract(climb: Climb) -> list[Measured]:
    """Parameters, log-probabilities, gradients and losses have the names, shapes and dtypes agreed."""
    backend, case = climb.backend, climb.expected.cases[0]
    backend.load_params(case.params)
    _check_params("export_params", backend.export_params())
    log_probs = backend.log_probs(case.images)
    _check_array("log_probs", log_probs, (len(case.labels), CLASSES), np.float32)
    loss, grads = backend.loss_and_grads(case.images, case.labels)
    _check_params("loss_and_grads", grads)
    _check_array("loss_and_grads' loss", np.float32(loss), (), np.float32)
    return [Measured(0, 0, "names, shapes and dtypes")]  # a departure has raised, for no later rung could run


def round_trip(climb: Climb) -> list[Measured]:
    """Canonical parameters come back bit for bit."""
    climb.backend.load_params(climb.expected.params)
    exported = climb.backend.export_params()
    return [
        Measured(float((exported[name] != value).sum()), 0, f"{name} (elements changed)")
        for name, value in climb.expected.params.items()
    ]


def data(climb: Climb) -> list[Measured]:
    """Every batch of an epoch, read back from the device, has the bytes that the pipeline gave out."""
    order = climb.expected.order
    seen = hash_batches(climb.backend.read_batch(climb.train, indices) for indices in order)
    return [Measured(float(seen != climb.expected.batches_sha256), 0, "the hash of the epoch's batches")]


def forward(climb: Climb) -> list[Measured]:
    """Log-probabilities."""
    results = []
    for case in climb.expected.cases:
        climb.backend.load_params(case.params)
        error = relative_error(climb.backend.log_probs(case.images), case.log_probs)
        results.append(Measured(error, case.tolerance["log_probs"], f"log-probabilities ({case.name})"))
    return results


def loss(climb: Climb) -> list[Measured]:
    """The mean negative log-likelihood."""
    results = []
    for case in climb.expected.cases:
        climb.backend.load_params(case.params)
        value, _ = climb.backend.loss_and_grads(case.images, case.labels)
        results.append(Measured(abs(value / case.loss - 1), case.tolerance["loss"], f"loss ({case.name})"))
    return results


def gradients(climb: Climb) -> list[Measured]:
    """The gradient of every parameter."""
    results = []
    for case in climb.expected.cases:
        climb.backend.load_params(case.params)
        _, grads = climb.backend.loss_and_grads(case.images, case.labels)
        for name, grad in grads.items():
            error = relative_error(grad, case.grads[name])
            results.append(Measured(error, case.tolerance[name], f"gradient of {name} ({case.name})"))
    return results


def optimizer(climb: Climb) -> list[Measured]:
    """One Adam step; then a second one, the first having been taken at a learning rate of 0.

    The backend's own gradients are given to Adam in float64, so that a wrong gradient is not blamed on the
    optimizer. The second sequence shows the moments and their bias correction, and that a changed learning
    rate is obeyed, while the parameters (and so the oracle's kinks) stay where they are.
    """
    backend, (first, second) = climb.backend, climb.expected.cases[:2]
    lr, start = climb.expected.lr, first.params
    backend.load_params(start)
    grads = [backend.loss_and_grads(case.images, case.labels)[1] for case in (first, second)]
    results = []

    for name, rates in (("step 1", [lr]), ("step 2", [0.0, lr])):
        backend.load_params(start)
        adam, true = Adam(), as_float64(start)
        for case, grad, rate in zip((first, second), grads, rates, strict=False):
            backend.train_epoch(climb.train, case.indices[None], rate)
            true = adam.step(true, as_float64(grad), rate)
        after = backend.export_params()
        results += [_step_error(name, key, after, true, start, grads, (first, second), lr) for key in PARAMETER_SHAPES]
    return results


def _step_error(
    step: str,
    key: str,
    after: Params,
    true: Params,
    start: Params,
    grads: list[Params],
    cases: tuple[Case, ...],
    lr: float,
) -> Measured:
    """The worst element of one parameter after a step, in units of the learning rate.

    Three roundings are allowed for: of the stored parameter (half a unit in its last place), of the step's own
    arithmetic (a few units of it), and of the gradients, for the step is the ratio of their moments: its
    relative error is at most that of the gradient, which is large where the gradient is small.
    """
    eps = float(np.finfo(np.float32).eps)
    error = np.abs(after[key] - true[key]) / lr
    noise = sum(
        np.minimum(1.0, case.tolerance[key] * np.abs(case.grads[key]).max() / np.maximum(np.abs(grad[key]), 1e-30))
        for grad, case in zip(grads, cases, strict=True)
    )
    allowed = SAFETY * (eps / 2 * np.abs(start[key]) / lr + 8 * eps + noise)
    worst = np.unravel_index(np.argmax(error / allowed), error.shape)
    index = ", ".join(map(str, worst))
    return Measured(float(error[worst]), float(allowed[worst]), f"{key}[{index}] after {step}, in learning rates")


def trajectory(climb: Climb) -> list[Measured]:
    """The loss at every one of the first steps of training."""
    expected = climb.expected
    climb.backend.load_params(expected.params)
    losses = climb.backend.train_epoch(climb.train, expected.order[:TRAJECTORY_STEPS], expected.lr)
    _check_array("train_epoch", losses, expected.trajectory.shape, np.float32)
    climb.losses = [float(value) for value in losses]
    apart = np.abs(losses / expected.trajectory - 1)
    results = [
        Measured(float(d), float(t), f"the loss of step {k + 1}")
        for k, (d, t) in enumerate(zip(apart, expected.trajectory_tolerance, strict=True))
    ]
    # The first step that parts is the news; whatever comes after it follows from it.
    return next(([result] for result in results if result.ratio > 1), results)


def prediction(climb: Climb) -> list[Measured]:
    """The class of every test image, but for those that the oracle itself decides by less than the noise."""
    expected = climb.expected
    climb.backend.load_params(expected.trained)
    classes = np.asarray(climb.backend.predict(climb.test))
    if classes.shape != expected.classes.shape or not np.issubdtype(classes.dtype, np.integer):
        raise BackendError(
            f"predict returned {classes.dtype}{classes.shape} where integers {expected.classes.shape} were agreed."
        )
    near_tie = expected.margins < 2 * expected.trained_tolerance  # both log-probabilities may be off
    wrong = (classes != expected.classes) & ~near_tie
    where = f"the class of test image {wrong.argmax()}" if wrong.any() else "the classes of the test images"
    return [Measured(float(wrong.sum()), 0, where)]


RUNGS: dict[str, Callable[[Climb], list[Measured]]] = {
    "contract": contract,
    "round trip": round_trip,
    "data": data,
    "forward": forward,
    "loss": loss,
    "gradients": gradients,
    "optimizer": optimizer,
    "trajectory": trajectory,
    "prediction": prediction,
}


def _check_params(method: str, params: object) -> None:
    if not isinstance(params, dict) or set(params) != set(PARAMETER_SHAPES):
        got = sorted(params) if isinstance(params, dict) else type(params).__name__
        raise BackendError(f"{method} returned {got} where the names {sorted(PARAMETER_SHAPES)} were agreed.")
    for name, shape in PARAMETER_SHAPES.items():
        _check_array(f"{method}'s {name}", params[name], shape, np.float32)


def _check_array(what: str, value: Any, shape: tuple[int, ...], dtype: type) -> None:
    if not hasattr(value, "dtype") or value.shape != shape or value.dtype != dtype:
        got = f"{value.dtype}{value.shape}" if hasattr(value, "dtype") else type(value).__name__
        raise BackendError(f"{what} returned {got} where {np.dtype(dtype)}{shape} was agreed.")
    if not np.isfinite(value).all():
        raise BackendError(f"{what} returned NaN or infinity.")
