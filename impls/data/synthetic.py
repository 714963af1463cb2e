"""A small made-up data set of CIFAR-10's form, for tests of the machinery; never a stand-in for the real one."""

from __future__ import annotations

import hashlib

import numpy as np

from impls.data.mapped import mapped
from impls.data.split import Split
from impls.spec import CLASSES, IMAGE_SHAPE


def synthetic_split(name: str, size: int, seed: int = 0) -> Split:
    """Noisy copies of ten patterns of coloured squares, one a class, so that training on it visibly learns.

    Its pixels are 8-bit ones over 255, as CIFAR-10's are (`impls.data.to_float`), and its arrays have the form of those
    that `impls.data.load` gives.

    Args:
        name: "train" or "test"; the two share their patterns and differ in their noise.
        size: number of images.
        seed: of the patterns.

    Returns:
        A split whose fingerprint begins with ``synthetic``.
    """
    squares = np.random.default_rng(seed).random((CLASSES, 3, 4, 4))
    patterns = squares.repeat(8, axis=2).repeat(8, axis=3)
    rng = np.random.default_rng([seed, len(name)])
    labels = rng.integers(0, CLASSES, size)
    pixels = np.rint(255 * (0.5 * patterns[labels] + 0.5 * rng.random((size, *IMAGE_SHAPE)))).astype(np.uint8)
    digest = hashlib.sha256(pixels.data).hexdigest()[:12]
    return Split(name, mapped(pixels.astype(np.float32) / np.float32(255)), labels, f"synthetic-{digest}")
