"""PyTorch with a shuffle of its own: the same images in every epoch, in another order than the other side's."""

import numpy as np
import torch

from impls.pytorch.eager import Resident
from impls.pytorch.tuned import PyTorchTuned
from impls.spec import Params


class OwnShuffle(PyTorchTuned):
    """``pytorch:tuned`` that draws its order itself, as ``DataLoader(shuffle=True)`` does.

    It is seeded from the first order that it is given, so that a run can be repeated.
    """

    variants = ("own-shuffle",)

    def __init__(self, *, variant: str = "own-shuffle", device: str = "cpu", precision: str = "fp32") -> None:
        super().__init__(variant=variant, device=device, precision=precision)
        self.shuffle = None

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.shuffle = None

    def train_epoch(self, data: Resident, order: np.ndarray, lr: float) -> np.ndarray:
        if self.shuffle is None:
            self.shuffle = torch.Generator().manual_seed(int(order[0, 0]))
        mixed = torch.randperm(order.size, generator=self.shuffle).numpy()
        return super().train_epoch(data, order.ravel()[mixed].reshape(order.shape), lr)
