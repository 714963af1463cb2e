"""A data set of ten images that passes for CIFAR-10."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from torchvision.datasets import CIFAR10

from impls.data import cache
from impls.data.cifar10 import Source


class Tiny(CIFAR10):
    """Ten images in torchvision's form."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.data = rng.integers(0, 256, (10, 32, 32, 3), dtype=np.uint8)
        self.targets = list(range(10))


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Source:
    """A source of ten images whose digests pass for CIFAR-10's."""
    source = Source(Tiny(0), Tiny(1), "tiny", tmp_path / "source")
    digests = {}
    for name, split in (("train", source.train), ("test", source.test)):
        digests[f"{name} images"] = hashlib.sha256(np.ascontiguousarray(split.data.transpose(0, 3, 1, 2))).hexdigest()
        digests[f"{name} labels"] = hashlib.sha256(np.arange(10, dtype=np.uint8)).hexdigest()
    monkeypatch.setattr(cache, "DIGESTS", digests)
    return source
