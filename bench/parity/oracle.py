"""What a correct backend must produce for one data set and seed, with the tolerance of each figure.

Computed once by the float64 oracle (`impls.reference`) and kept beside the data under a key made of everything
it depends on, the code included.
"""

from __future__ import annotations

import hashlib
import inspect
import pickle
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench import whole_file
from bench.parity import cases, noise, twins
from bench.parity.cases import Case
from impls import initial, order, recipe, reference, spec
from impls.data import Split
from impls.spec import Params

CODE = (initial, order, recipe, reference, spec, noise, cases, twins)
"""What the answers depend on, beside this module."""


@dataclass(frozen=True)
class Expected:
    """Everything that the ladder holds a backend against.

    Attributes:
        fingerprint: of the data.
        seed: of initial parameters and order.
        params: the canonical initial parameters.
        order: (steps, batch) int64, the whole first epoch.
        batches_sha256: over every batch of that epoch, images then labels, in order.
        lr: learning rate of the trajectory.
        cases: forward and backward passes, ordinary and special; the first two share their parameters.
        trajectory: (steps,) float64 losses of the first steps of training.
        trajectory_tolerance: (steps,) relative.
        twins: (TWINS, steps) relative distance of each twin from the oracle, for the record.
        trained: parameters after those steps.
        trained_tolerance: absolute, of a log-probability under them.
        classes: (M,) the oracle's class of every test image under ``trained``.
        margins: (M,) log-probability by which it wins.
    """

    fingerprint: str
    seed: int
    params: Params
    order: np.ndarray
    batches_sha256: str
    lr: float
    cases: list[Case]
    trajectory: np.ndarray
    trajectory_tolerance: np.ndarray
    twins: np.ndarray
    trained: Params
    trained_tolerance: float
    classes: np.ndarray
    margins: np.ndarray


def expected(train: Split, test: Split, *, seed: int, batch_size: int, lr: float, cache: Path | None) -> Expected:
    """The oracle's answers for a data set, computed or taken from ``cache``.

    Args:
        train: the training split.
        test: the test split.
        seed: of initial parameters and order.
        batch_size: images per step.
        lr: learning rate of the trajectory.
        cache: folder to keep them in; None computes them anew.
    """
    if cache is None:
        return _compute(train, test, seed, batch_size, lr)
    parts = [train.fingerprint, test.fingerprint, len(train), len(test), seed, batch_size, lr, np.__version__]
    code = "".join(inspect.getsource(module) for module in (*CODE, sys.modules[__name__]))
    key = hashlib.sha256(("|".join(map(str, parts)) + code).encode()).hexdigest()[:16]
    path = cache / f"oracle-{key}.pickle"
    if path.exists():
        with path.open("rb") as file:
            return pickle.load(file)
    answers = _compute(train, test, seed, batch_size, lr)
    whole_file.write(path, pickle.dumps(answers))
    return answers


def _compute(train: Split, test: Split, seed: int, batch_size: int, lr: float) -> Expected:
    params = initial.initial_params(seed)
    epoch = order.epoch_order(seed, 0, len(train), batch_size)
    first_steps = epoch[: twins.TRAJECTORY_STEPS]
    trajectory, trained = twins.train_steps(train, first_steps, params, lr, np.float64)
    distances = twins.distances(train, first_steps, params, lr, trajectory)
    trained32 = {name: value.astype(np.float32) for name, value in trained.items()}
    classes, margins = _classify(trained32, test)
    passes = cases.build(train, epoch, params, trained32)
    after = next(case for case in passes if case.params is trained32)
    return Expected(
        fingerprint=train.fingerprint,
        seed=seed,
        params=params,
        order=epoch,
        batches_sha256=hash_batches((train.images[i], train.labels[i]) for i in epoch),
        lr=lr,
        cases=passes,
        trajectory=trajectory,
        trajectory_tolerance=twins.envelope(distances),
        twins=distances,
        trained=trained32,
        trained_tolerance=after.tolerance["log_probs"] * float(np.abs(after.log_probs).max()),
        classes=classes,
        margins=margins,
    )


def hash_batches(batches: Iterable[tuple[np.ndarray, np.ndarray]]) -> str:
    """SHA-256 over (images, labels) pairs: float32 and int64 bytes in C order, batch after batch."""
    digest = hashlib.sha256()
    for images, labels in batches:
        digest.update(np.ascontiguousarray(images, np.float32).data)
        digest.update(np.ascontiguousarray(labels, np.int64).data)
    return digest.hexdigest()


def _classify(params: Params, test: Split) -> tuple[np.ndarray, np.ndarray]:
    exact = reference.as_float64(params)
    classes, margins = [], []
    for start in range(0, len(test), 500):
        log_probs, _ = reference.forward(exact, test.images[start : start + 500])
        top = np.sort(log_probs, axis=1)
        classes.append(log_probs.argmax(axis=1))
        margins.append(top[:, -1] - top[:, -2])
    return np.concatenate(classes), np.concatenate(margins)
