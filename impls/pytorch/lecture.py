"""PyTorch as the lecture writes it: torchvision's data set, a `DataLoader` and a plain loop."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision.datasets import CIFAR10, VisionDataset
from torchvision.transforms import ToTensor

from impls.data import Split, to_float
from impls.errors import LenetError
from impls.pytorch.eager import PyTorch


class CIFAR10InMemory(CIFAR10):
    """torchvision's CIFAR-10 with a split's images in place of those of its files.

    Args:
        split: whose images are 8-bit ones after ``ToTensor``.

    Raises:
        LenetError: they never were.
    """

    def __init__(self, split: Split) -> None:
        VisionDataset.__init__(self, transform=ToTensor())
        self.train = split.name == "train"
        self.data = to_pixels(split.images)
        self.targets = split.labels.tolist()


class PyTorchLecture(PyTorch):
    """The loop that people write (``lecture``): every image decoded anew, every batch moved, every loss fetched.

    Images pass through PIL and ``ToTensor`` one by one. The loader starts no processes (``num_workers=0``): that is its
    default, and the harness takes a worker for one process, which it stops between its turns.
    """

    variants: ClassVar[tuple[str, ...]] = ("lecture",)
    packages: ClassVar[tuple[str, ...]] = (*PyTorch.packages, "pillow")

    evaluation_batch = 100

    def to_device(self, split: Split) -> CIFAR10:
        # Nothing moves yet: the loop moves each batch.
        return CIFAR10InMemory(split)

    def read_batch(self, data: CIFAR10, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        [(images, labels)] = load_in_order(data, indices[None])
        return images.numpy(), labels.numpy()

    def train_epoch(self, data: CIFAR10, order: np.ndarray, lr: float) -> np.ndarray:
        for group in self.optimizer.param_groups:
            group["lr"] = lr
        losses = []
        for images, labels in load_in_order(data, order):
            images, labels = images.to(self.device), labels.to(self.device)
            self.optimizer.zero_grad()
            loss = F.nll_loss(self.model(images), labels)
            loss.backward()
            self.optimizer.step()
            losses.append(loss.item())  # waits for the whole step
        return np.array(losses, np.float32)

    @torch.inference_mode()
    def predict(self, data: CIFAR10) -> np.ndarray:
        batches = DataLoader(data, batch_size=self.evaluation_batch)
        return torch.cat([self.model(images.to(self.device)).argmax(dim=1) for images, _ in batches]).numpy(force=True)


def load_in_order(data: CIFAR10, order: np.ndarray) -> Any:
    """A loader of batches, images (B, 3, 32, 32) float32 and labels (B,) int64, one for each row of ``order``."""
    return DataLoader(data, batch_size=order.shape[1], sampler=order.ravel().tolist(), num_workers=0)


def to_pixels(images: np.ndarray) -> np.ndarray:
    """float32 images (N, 3, 32, 32) to uint8 (N, 32, 32, 3): the inverse of `impls.data.to_float`.

    Raises:
        LenetError: it has none, for these images are no 8-bit ones.
    """
    parts = []
    for begin in range(0, len(images), 1000):  # the whole training split would need gigabytes
        part = images[begin : begin + 1000]
        pixels = np.rint(part.transpose(0, 2, 3, 1) * 255).astype(np.uint8)
        if not np.array_equal(to_float(pixels), part):
            raise LenetError(
                "pytorch:lecture decodes 8-bit images, and of these some pixel is not what ToTensor makes of one; "
                "use CIFAR-10 or --synthetic."
            )
        parts.append(pixels)
    return np.concatenate(parts)
