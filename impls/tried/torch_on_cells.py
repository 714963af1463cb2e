"""What backends in PyTorch share whose networks take cells (`impls.tried.block_matrix`) in place of images."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from impls.data import Split
from impls.pytorch.eager import PyTorch, Resident
from impls.spec import Params
from impls.tried.block_matrix import from_cells, to_cells


class OnCells(PyTorch):
    """A backend whose network takes cells: the data set is kept as cells, and other images are cut on the way in."""

    def to_device(self, split: Split) -> Resident:
        return super().to_device(replace(split, images=to_cells(split.images)))

    def read_batch(self, data: Resident, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        cells, labels = super().read_batch(data, indices)
        return from_cells(cells, side=4), labels

    def log_probs(self, images: np.ndarray) -> np.ndarray:
        return super().log_probs(to_cells(images))

    def loss_and_grads(self, images: np.ndarray, labels: np.ndarray) -> tuple[float, Params]:
        return super().loss_and_grads(to_cells(images), labels)

    @torch.inference_mode()
    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        layers = {name: x.numpy() for name, x in self.model.layers(torch.from_numpy(to_cells(images))).items()}
        return layers | {name: from_cells(layers[name], side) for name, side in (("pool1", 2), ("pool2", 1))}
