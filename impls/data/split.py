"""What a backend is given to train or test on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Split:
    """A labelled set of images, the same bytes for every backend.

    Attributes:
        name: "train" or "test".
        images: (N, 3, 32, 32) float32 in [0, 1], in C order: a read-only memory map, of made-up images too.
        labels: (N,) int64 in [0, 10).
        fingerprint: names the content of the whole data set; equal only where the bytes are.
    """

    name: str
    images: np.ndarray
    labels: np.ndarray
    fingerprint: str

    def __len__(self) -> int:
        return len(self.labels)

    def head(self, n: int) -> Split:
        """The first ``n`` images."""
        return replace(self, images=self.images[:n], labels=self.labels[:n])
