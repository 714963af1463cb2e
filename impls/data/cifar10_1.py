"""CIFAR-10.1: a second test set for CIFAR-10, gathered anew by the same rules.

B. Recht et al., "Do CIFAR-10 Classifiers Generalize to CIFAR-10?", 2018. Optional, and never fetched: whoever has its
two files names their folder.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from impls.data.mapped import mapped
from impls.data.pixels import divided
from impls.data.split import Split
from impls.errors import DataError

NAME = "CIFAR-10.1 v6"
IMAGES, LABELS = "cifar10.1_v6_data.npy", "cifar10.1_v6_labels.npy"


def load(folder: Path) -> Split:
    """Its images and labels, from the files that its authors publish.

    Args:
        folder: holds `IMAGES`, uint8 (N, 32, 32, 3), and `LABELS`, integers (N,) from 0 to 9.

    Raises:
        DataError: a file is missing, unreadable or of another form.
    """
    pixels, labels = _read(folder / IMAGES), _read(folder / LABELS)
    if pixels.dtype != np.uint8 or pixels.ndim != 4 or pixels.shape[1:] != (32, 32, 3) or not len(pixels):
        raise DataError(f"{folder / IMAGES} holds {pixels.dtype}{pixels.shape} where uint8(N, 32, 32, 3) was expected.")
    whole = np.issubdtype(labels.dtype, np.integer) and labels.shape == (len(pixels),)
    if not whole or not 0 <= labels.min() <= labels.max() <= 9:
        raise DataError(f"{folder / LABELS} does not hold a class from 0 to 9 for each of {len(pixels):,} images.")
    content = pixels.tobytes() + labels.astype(np.uint8).tobytes()
    fingerprint = f"cifar10.1-{hashlib.sha256(content).hexdigest()[:12]}"
    return Split("test", mapped(divided(pixels)), labels.astype(np.int64), fingerprint)


def _read(path: Path) -> np.ndarray:
    try:
        array: np.ndarray = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise DataError(f"{path} cannot be read ({error}); give the folder of {IMAGES} and {LABELS}.") from error
    return array
