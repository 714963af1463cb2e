"""CIFAR-10.1 of made-up images."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from impls.data import cifar10_1


def cifar10_1_in(folder: Path, count: int = 20) -> Path:
    """A folder as CIFAR-10.1's authors publish it, of made-up content."""
    rng = np.random.default_rng(0)
    folder.mkdir(exist_ok=True)
    np.save(folder / cifar10_1.IMAGES, rng.integers(0, 256, (count, 32, 32, 3), np.uint8))
    np.save(folder / cifar10_1.LABELS, rng.integers(0, 10, count, np.int32))
    return folder
