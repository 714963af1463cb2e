"""8-bit images with their labels, and the same as torchvision's data set where torchvision is installed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


class Labelled(Protocol):
    """What the cache is built from: `Images`, or torchvision's ``CIFAR10``."""

    data: Any
    targets: Any


@dataclass
class Images:
    """Images as CIFAR-10's authors give them.

    Attributes:
        data: (N, 32, 32, 3) uint8.
        targets: (N,) classes from 0 to 9.
    """

    data: np.ndarray
    targets: list[int]


def as_dataset(images: Images, root: Path, *, train: bool) -> Labelled:
    """The images as torchvision's ``CIFAR10``; as they are where torchvision is missing or does not import.

    Args:
        images: of one split.
        root: the folder that they come from.
        train: whether they are the training split.
    """
    try:
        from torchvision.datasets import CIFAR10, VisionDataset
    except Exception:  # a broken installation raises many things; the digests prove the bytes without it
        return images
    dataset = CIFAR10.__new__(CIFAR10)  # its own constructor unpickles files
    VisionDataset.__init__(dataset, root)
    dataset.train = train
    dataset.data, dataset.targets = images.data, images.targets
    dataset.classes = list(CLASSES)
    dataset.class_to_idx = {name: i for i, name in enumerate(CLASSES)}
    return dataset
