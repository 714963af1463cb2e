"""What a correct backend must produce for one data set and seed, with the tolerance of each figure.

Computed once by the float64 oracle (`impls.reference`) and kept beside the data under a key made of everything
it depends on, the code included.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.base import files
from bench.parity import cases, decisive, kept_answers, noise, replicas, sequence, twins
from bench.parity.cases import Case, Pair, Passes
from bench.parity.replicas import Beginning
from bench.parity.sequence import Call, Sequence
from impls.data import Split
from impls.errors import LenetError
from impls.reference import adam, network, rounding
from impls.spec import Params, initial, order, recipe
from impls.spec import network as spec

CODE = (initial, order, recipe, network, adam, rounding, spec, decisive, noise, cases, twins, replicas, sequence)
"""What the answers depend on, beside this module."""

KEPT = 12
"""Answers that are kept in a cache, the newest; one for CIFAR-10 takes some 40 MB."""

TEST_BATCH = 1000


@dataclass(frozen=True)
class Expected:
    """Everything that the ladder holds a backend against.

    Attributes:
        fingerprint: of the data.
        seed: of initial parameters and order.
        precision: whose noise the tolerances are made of.
        params: the canonical initial parameters.
        order: (steps, batch) int64, the whole first epoch.
        batch_hashes: of every batch of that epoch, in order.
        lr: learning rate of the trajectory.
        passes: forward and backward passes.
        float32_tolerance: of the first case if it were computed in float32; empty where it is.
        epoch_losses: (steps,) float64, of every batch of that epoch under the initial parameters.
        test_hashes: of the test split, `TEST_BATCH` images at a time.
        trajectory_order: (steps, batch) int64, a beginning of training on decisive images.
        trajectory: (steps,) float64 losses of these steps.
        trajectory_tolerance: (steps,) relative.
        twins: (TWINS, steps) relative distance of each twin from the oracle, for the record.
        replicas: beginnings of training from several seeds, the first of them this one's.
        sequence: calls of mixed sizes and rates, with nothing reloaded in between.
        trained: parameters after those steps, with the classes made equally probable.
        trained_tolerance: absolute, of a log-probability under them.
        test_log_probs: (M, 10) float64 of every test image under ``trained``.
    """

    fingerprint: str
    seed: int
    precision: str
    params: Params
    order: np.ndarray
    batch_hashes: list[str]
    lr: float
    passes: Passes
    float32_tolerance: dict[str, float]
    epoch_losses: np.ndarray
    test_hashes: list[str]
    trajectory_order: np.ndarray
    trajectory: np.ndarray
    trajectory_tolerance: np.ndarray
    twins: np.ndarray
    replicas: list[Beginning]
    sequence: Sequence
    trained: Params
    trained_tolerance: float
    test_log_probs: np.ndarray

    @property
    def cases(self) -> list[Case]:
        """Forward and backward passes, ordinary and special; the first three share their parameters."""
        return self.passes.cases

    @property
    def short_test(self) -> int:
        """Images of a beginning of the test split that no batch size divides."""
        return min(len(self.test_log_probs), len(self.test_log_probs) // 10 + cases.SHORT)

    def case(self, name: str) -> Case:
        """The case of that name."""
        return next(case for case in self.cases if case.name == name)


STORED = (Expected, Passes, Pair, Case, Beginning, Sequence, Call)
"""All classes that kept answers are made of."""


def expected(
    train: Split,
    test: Split,
    *,
    seed: int,
    batch_size: int,
    lr: float,
    cache: Path | None,
    precision: str = "fp32",
) -> Expected:
    """The oracle's answers for a data set, computed or taken from ``cache``.

    Args:
        train: the training split.
        test: the test split.
        seed: of initial parameters and order.
        batch_size: images per step.
        lr: learning rate of the trajectory.
        cache: folder to keep them in; None computes them anew.
        precision: "fp32", "tf32" or "bf16": what a backend under test computes in.

    Raises:
        LenetError: there are no tolerances for that precision.
    """
    if precision not in rounding.MANTISSA_BITS:
        known = ", ".join(rounding.MANTISSA_BITS)
        raise LenetError(f"The ladder has no tolerances for precision {precision!r}; it has them for {known}.")
    if cache is None:
        return _compute(train, test, seed, batch_size, lr, precision)
    parts = [
        train.fingerprint,
        test.fingerprint,
        len(train),
        len(test),
        seed,
        batch_size,
        lr,
        precision,
        np.__version__,
    ]
    code = "".join(inspect.getsource(module) for module in (*CODE, sys.modules[__name__]))
    key = hashlib.sha256(("|".join(map(str, parts)) + code).encode()).hexdigest()[:16]
    path = cache / f"oracle-{key}.npz"
    with contextlib.suppress(OSError, LenetError):  # damaged, or of an older form: computed anew
        kept: Expected = kept_answers.from_bytes(path.read_bytes(), STORED)
        return kept
    answers = _compute(train, test, seed, batch_size, lr, precision)
    with contextlib.suppress(OSError):  # a cache that cannot be written costs a minute and not the check
        files.write(path, kept_answers.to_bytes(answers))
        kept_files = [*cache.glob("oracle-*.npz"), *cache.glob("oracle-*.pickle")]  # pickles are of older versions
        by_age = sorted(kept_files, key=lambda file: file.stat().st_mtime, reverse=True)
        for old in by_age[KEPT:]:
            old.unlink(missing_ok=True)
    return answers


def _compute(train: Split, test: Split, seed: int, batch_size: int, lr: float, precision: str) -> Expected:
    params = initial.initial_params(seed)
    epoch = order.epoch_order(seed, 0, len(train), batch_size)
    queue = np.concatenate([order.epoch_order(seed, k, len(train), batch_size).ravel() for k in range(2)])
    steps, run = twins.oracle_run(train, queue, [(batch_size, lr)] * twins.TRAJECTORY_STEPS, params)
    distances = twins.distances(twins.twin_runs(train, steps, params, precision), run.losses)
    first = Beginning(params, np.array([step.indices for step in steps]), run.losses, twins.envelope(distances))
    trained = _spread({name: value.astype(np.float32) for name, value in run.params.items()}, test)
    passes = cases.build(train, epoch, params, trained, seed=seed, precision=precision)
    after = next(case for case in passes.cases if case.params is trained)
    return Expected(
        fingerprint=train.fingerprint,
        seed=seed,
        precision=precision,
        params=params,
        order=epoch,
        batch_hashes=[hash_batch(train.images[i], train.labels[i]) for i in epoch],
        lr=lr,
        passes=passes,
        float32_tolerance={} if precision == "fp32" else cases.in_float32(passes.cases[0]).tolerance,
        epoch_losses=_epoch_losses(train, epoch, params),
        test_hashes=[hash_batch(test.images[i], test.labels[i]) for i in batches_of(len(test))],
        trajectory_order=first.order,
        trajectory=run.losses,
        trajectory_tolerance=first.tolerance,
        twins=distances,
        replicas=replicas.beginnings(train, first, seed=seed, batch=batch_size, lr=lr, precision=precision),
        sequence=sequence.build(train, params, seed=seed, batch=batch_size, lr=lr, precision=precision),
        trained=trained,
        trained_tolerance=after.tolerance["log_probs"] * float(np.abs(after.log_probs).max()),
        test_log_probs=_log_probs(trained, test),
    )


def _epoch_losses(train: Split, epoch: np.ndarray, params: Params) -> np.ndarray:
    exact = network.as_float64(params)
    return np.array([network.loss(network.forward(exact, train.images[i])[0], train.labels[i]) for i in epoch])


def batches_of(size: int) -> list[np.ndarray]:
    """Indices of a split, `TEST_BATCH` at a time, in order."""
    return [np.arange(start, min(start + TEST_BATCH, size)) for start in range(0, size, TEST_BATCH)]


def hash_batch(images: np.ndarray, labels: np.ndarray) -> str:
    """SHA-256 of float32 and int64 bytes in C order."""
    digest = hashlib.sha256(np.ascontiguousarray(images, np.float32).data)
    digest.update(np.ascontiguousarray(labels, np.int64).data)
    return digest.hexdigest()


def _spread(params: Params, test: Split) -> Params:
    """Parameters under which no class is more probable than another on average.

    After some steps of training nearly all images are of the same one or two classes, and a backend that
    evaluates other images would go unnoticed.
    """
    _, a = network.forward(params, test.images[:1000])
    return params | {"fc3.bias": params["fc3.bias"] - a["fc3"].mean(axis=0)}


def _log_probs(params: Params, test: Split) -> np.ndarray:
    exact, starts = network.as_float64(params), range(0, len(test), 500)
    return np.concatenate([network.forward(exact, test.images[i : i + 500])[0] for i in starts])
