"""8-bit pixels to floating-point ones."""

from __future__ import annotations

import numpy as np


def divided(pixels: np.ndarray) -> np.ndarray:
    """uint8 images (N, 32, 32, 3) to float32 (N, 3, 32, 32) in [0, 1], divided by 255.

    Torchvision's ``ToTensor`` gives the same bits; a test compares them for all 256 values.
    """
    return np.ascontiguousarray(pixels.transpose(0, 3, 1, 2)).astype(np.float32) / np.float32(255)
