"""PyTorch that evaluates in training mode, or not: LeNet, and LeNet with dropout, for which it matters."""

import numpy as np
import torch
import torch.nn.functional as F

from impls.contract import ManySeeds
from impls.pytorch.eager import LeNet, PyTorch, Resident

DROPOUT = 0.5
"""The share of the hidden units that are left out at random."""


class Plain(PyTorch):
    """``pytorch:eager`` that evaluates after ``model.eval()`` (``eval``), or forgets it (``train``)."""

    variants = ("eval", "train")

    def __init__(self, *, variant: str = "eval", device: str = "cpu", precision: str = "fp32") -> None:
        super().__init__(device=device, precision=precision)
        self.forgets = variant == "train"

    def predict(self, data: Resident) -> np.ndarray:
        self.model.train(self.forgets)
        try:
            return super().predict(data)
        finally:
            self.model.train()

    def many(self) -> ManySeeds | None:
        return None


class DropoutLeNet(LeNet):
    """LeNet with dropout after each hidden linear layer."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = F.dropout(F.relu(self.fc1(torch.flatten(x, 1))), DROPOUT, self.training)
        x = F.dropout(F.relu(self.fc2(x)), DROPOUT, self.training)
        return F.log_softmax(self.fc3(x), dim=1)


class WithDropout(Plain):
    """The same with dropout in the network, so that it is another network than LeNet."""

    network = DropoutLeNet
