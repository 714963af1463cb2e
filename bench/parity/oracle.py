"""What a correct backend must produce for one data set and seed, with the tolerance of each figure.

Computed once by the float64 oracle (`impls.reference`) and kept beside the data under a key made of everything
it depends on, the code included.
"""

from __future__ import annotations

import hashlib
import inspect
import pickle
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.parity import noise
from impls import initial, order, recipe, reference, spec
from impls.data import Split
from impls.spec import Params

TRAJECTORY_STEPS = 100
TWINS = 4
DECISIVE_GAP = 1e-5
"""Twenty times the largest float32 error of an activation here (5e-7 of values near 1)."""


@dataclass(frozen=True)
class Case:
    """One forward and backward pass: what goes in, what must come out, and how closely.

    Attributes:
        name: what reports call it.
        params: canonical parameters, float32.
        indices: (N,) of its images in the training split.
        images: (N, 3, 32, 32) float32.
        labels: (N,) int64.
        log_probs: (N, 10) float64.
        loss: mean negative log-likelihood.
        grads: canonical gradients, float64.
        tolerance: per quantity ("log_probs", "loss", each gradient's name), for `noise.relative_error`.
    """

    name: str
    params: Params
    indices: np.ndarray
    images: np.ndarray
    labels: np.ndarray
    log_probs: np.ndarray
    loss: float
    grads: Params
    tolerance: dict[str, float]


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
    code = "".join(inspect.getsource(m) for m in (initial, order, recipe, reference, spec, noise, inspect.getmodule(_compute)))
    key = hashlib.sha256(("|".join(map(str, parts)) + code).encode()).hexdigest()[:16]
    path = cache / f"oracle-{key}.pickle"
    if path.exists():
        with path.open("rb") as file:
            return pickle.load(file)
    answers = _compute(train, test, seed, batch_size, lr)
    cache.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    aside.write_bytes(pickle.dumps(answers))
    aside.rename(path)
    return answers


def _compute(train: Split, test: Split, seed: int, batch_size: int, lr: float) -> Expected:
    params = initial.initial_params(seed)
    epoch = order.epoch_order(seed, 0, len(train), batch_size)
    trajectory, trained = _train(train, epoch[:TRAJECTORY_STEPS], params, lr, np.float64)
    twins = np.array(
        [
            _distance(_train(train, epoch[:TRAJECTORY_STEPS], params, lr, np.float32, nudge_seed=t)[0], trajectory)
            for t in range(TWINS)
        ]
    )
    trained32 = {name: value.astype(np.float32) for name, value in trained.items()}
    classes, margins = _classify(trained32, test)
    cases = _cases(train, epoch, params, trained32)
    after = next(case for case in cases if case.params is trained32)
    return Expected(
        fingerprint=train.fingerprint,
        seed=seed,
        params=params,
        order=epoch,
        batches_sha256=hash_batches((train.images[i], train.labels[i]) for i in epoch),
        lr=lr,
        cases=cases,
        trajectory=trajectory,
        trajectory_tolerance=_envelope(twins),
        twins=twins,
        trained=trained32,
        trained_tolerance=after.tolerance["log_probs"] * float(np.abs(after.log_probs).max()),
        classes=classes,
        margins=margins,
    )


def hash_batches(batches: Iterable[tuple[np.ndarray, np.ndarray]]) -> str:
    """SHA-256 over (images, labels) pairs: float32 and int64 bytes in C order, batch after batch."""
    digest = hashlib.sha256()
    for images, labels in batches:
        digest.update(np.ascontiguousarray(images, np.float32))
        digest.update(np.ascontiguousarray(labels, np.int64))
    return digest.hexdigest()


# --- forward and backward cases -------------------------------------------------------------------------------


def _cases(train: Split, epoch: np.ndarray, params: Params, trained: Params) -> list[Case]:
    """Ordinary and special passes; the first two share their parameters and no image."""
    candidates = epoch.ravel()[: 10 * epoch.shape[1]]
    start = _decisive(params, train, candidates)
    n = min(epoch.shape[1], len(start) // 2)
    tied = _tied(params)
    return [
        _case("first batch", params, train, start[:n]),
        _case("second batch", params, train, start[n : 2 * n]),
        _case("batch of one", params, train, start[:1]),
        _case("after some steps", trained, train, _decisive(trained, train, candidates)[:n]),
        _case("tied maxima", tied, train, _decisive(tied, train, candidates)[:n]),
    ]


def _tied(params: Params) -> Params:
    """Parameters under which one channel of each convolution is constant, so that all its windows tie.

    The tie is exact in any arithmetic (a sum of zeros plus the bias), and the tied pixels differ, so that
    the kernel's gradient shows which of them was chosen.
    """
    tied = {name: value.copy() for name, value in params.items()}
    for layer in ("conv1", "conv2"):
        tied[f"{layer}.weight"][0] = 0
        tied[f"{layer}.bias"][0] = 0.5
    return tied


def _decisive(params: Params, train: Split, candidates: np.ndarray) -> np.ndarray:
    """Those of ``candidates`` on which no pooling window or ReLU hangs on a rounding error.

    A network of maxima has kinks: where two candidates differ by less than float32 resolves, correct
    programs choose differently and their gradients differ by far more than rounding (on this data some 1e-4
    of conv1's gradient for a single window). Away from the kinks, only rounding is left.
    """
    _, a = reference.forward(_exact(params), train.images[candidates])
    ok = np.ones(len(candidates), bool)
    for layer in ("conv1", "conv2"):
        top = np.sort(_windows(reference.relu(a[layer])), axis=-1)
        gap = top[..., 3] - top[..., 2]  # an exact tie is between equal patches, or planted: it is no accident
        ok &= ~((gap > 0) & (gap < DECISIVE_GAP)).any(axis=(1, 2, 3))
        ok &= ~((a[layer] != 0) & (np.abs(a[layer]) < DECISIVE_GAP)).any(axis=(1, 2, 3))
    for layer in ("fc1", "fc2"):
        ok &= ~(np.abs(a[layer]) < DECISIVE_GAP).any(axis=1)
    return candidates[ok]


def _exact(params: Params) -> Params:
    return {name: value.astype(np.float64) for name, value in params.items()}


def _windows(x: np.ndarray) -> np.ndarray:
    n, c, h, w = x.shape
    return x.reshape(n, c, h // 2, 2, w // 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(n, c, h // 2, w // 2, 4)


def _case(name: str, params: Params, train: Split, indices: np.ndarray) -> Case:
    images, labels = train.images[indices], train.labels[indices]
    exact = _exact(params)
    log_probs, a = reference.forward(exact, images)
    loss = reference.loss(log_probs, labels)
    grads = reference.backward(exact, a, labels)

    worst = dict.fromkeys(("log_probs", "loss", *grads), 0.0)
    for program, matmul in noise.float32_programs(params, seed=0):
        log_probs32, a = reference.forward(program, images, matmul)
        errors = {"log_probs": noise.relative_error(log_probs32, log_probs)}
        errors["loss"] = abs(reference.loss(log_probs32, labels) - loss) / loss
        for key, grad in reference.backward(program, a, labels, matmul).items():
            errors[key] = noise.relative_error(grad, grads[key])
        worst = {key: max(worst[key], errors[key]) for key in worst}
    # A single evaluation can be exact by luck; half a unit in the last place is the least that rounding costs.
    floor = float(np.finfo(np.float32).eps) / 2
    tolerance = {key: noise.SAFETY * max(value, floor) for key, value in worst.items()}
    return Case(name, params, indices, images, labels, log_probs, loss, grads, tolerance)


# --- trajectory -----------------------------------------------------------------------------------------------


def _train(
    train: Split, steps: np.ndarray, params: Params, lr: float, dtype: type, nudge_seed: int | None = None
) -> tuple[np.ndarray, Params]:
    """Losses (steps,) float64 and final parameters; with a seed, nudged by 1 ulp after every step."""
    rng = np.random.default_rng(nudge_seed)
    adam = reference.Adam()
    current = {name: value.astype(dtype) for name, value in params.items()}
    losses = np.empty(len(steps))
    for k, indices in enumerate(steps):
        log_probs, a = reference.forward(current, train.images[indices])
        losses[k] = reference.loss(log_probs, train.labels[indices])
        current = adam.step(current, reference.backward(current, a, train.labels[indices]), lr)
        if nudge_seed is not None:
            current = noise.nudged(current, rng)
    return losses, current


def _distance(losses: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Largest relative difference so far, at every step: runs drift apart and rarely come back."""
    return np.maximum.accumulate(np.abs(losses / truth - 1))


def _envelope(twins: np.ndarray) -> np.ndarray:
    """How far a correct float32 run may be from the oracle, at every step.

    Training amplifies a difference until one pooling window decides otherwise, at a step that is a matter of
    luck, so at one step the twins scatter by a factor of their own. The envelope is the farthest twin, times
    that factor at that step, times `noise.SAFETY` because the twins are few.
    """
    clipped = np.maximum(twins, float(np.finfo(np.float32).eps))  # a float32 loss cannot be closer than this
    farthest, nearest = clipped.max(axis=0), clipped.min(axis=0)
    return noise.SAFETY * farthest * (farthest / nearest)


# --- prediction -----------------------------------------------------------------------------------------------


def _classify(params: Params, test: Split) -> tuple[np.ndarray, np.ndarray]:
    exact = _exact(params)
    classes, margins = [], []
    for start in range(0, len(test), 500):
        log_probs, _ = reference.forward(exact, test.images[start : start + 500])
        top = np.sort(log_probs, axis=1)
        classes.append(log_probs.argmax(axis=1))
        margins.append(top[:, -1] - top[:, -2])
    return np.concatenate(classes), np.concatenate(margins)
