"""Forward and backward passes with known answers: ordinary batches, and special ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.parity import noise
from impls import reference
from impls.data import Split
from impls.spec import Params

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


def build(train: Split, epoch: np.ndarray, params: Params, trained: Params) -> list[Case]:
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
    _, a = reference.forward(reference.as_float64(params), train.images[candidates])
    ok = np.ones(len(candidates), bool)
    for layer in ("conv1", "conv2"):
        top = np.sort(reference.windows(reference.relu(a[layer])), axis=-1)
        gap = top[..., 3] - top[..., 2]  # an exact tie is between equal patches, or planted: it is no accident
        ok &= ~((gap > 0) & (gap < DECISIVE_GAP)).any(axis=(1, 2, 3))
        ok &= ~(np.abs(a[layer]) < DECISIVE_GAP).any(axis=(1, 2, 3))
    for layer in ("fc1", "fc2"):
        ok &= ~(np.abs(a[layer]) < DECISIVE_GAP).any(axis=1)
    return candidates[ok]


def _case(name: str, params: Params, train: Split, indices: np.ndarray) -> Case:
    images, labels = train.images[indices], train.labels[indices]
    exact = reference.as_float64(params)
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
