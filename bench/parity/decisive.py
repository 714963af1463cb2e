"""Images on which nothing hangs on a rounding error.

A network of maxima has kinks: where two candidates of a pooling window differ by less than float32 resolves, or a
ReLU's input is as near to 0, correct programs choose differently and their gradients differ by far more than
rounding (on CIFAR-10 by some 1e-4 of conv1's gradient for a single window). Away from the kinks only rounding is
left, and that can be measured.
"""

from __future__ import annotations

import numpy as np

from impls.data import Split
from impls.reference import network
from impls.spec import Params

GAP = 1e-5
"""Twenty times the largest float32 error of an activation here (5e-7 of values near 1)."""


def decisive(params: Params, train: Split, candidates: np.ndarray) -> np.ndarray:
    """Those of ``candidates`` whose pooling windows and ReLUs are all decided by more than `GAP`.

    Args:
        params: canonical.
        train: the training split.
        candidates: (N,) indices into it.
    """
    _, a = network.forward(network.as_float64(params), train.images[candidates])
    ok = relus_decided(a)
    for layer in ("conv1", "conv2"):
        top = np.sort(network.windows(network.relu(a[layer])), axis=-1)
        gap = top[..., 3] - top[..., 2]  # an exact tie is between equal patches, or planted: it is no accident
        ok &= ~((gap > 0) & (gap < GAP)).any(axis=(1, 2, 3))
    return candidates[ok]


def relus_decided(a: dict[str, np.ndarray]) -> np.ndarray:
    """(N,) bool: whether every ReLU of an image is clearly on or off, given its activations."""
    layers = [np.abs(a[layer]).reshape(len(a[layer]), -1) for layer in ("conv1", "conv2", "fc1", "fc2")]
    # An exact 0 is planted, and no accident.
    return np.all([((layer >= GAP) | (layer == 0)).all(axis=1) for layer in layers], axis=0)
