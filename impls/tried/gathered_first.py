"""The tuned kernels on batches that were gathered before."""

from __future__ import annotations

from typing import ClassVar

import torch.nn.functional as F
from torch import Tensor

from impls.pytorch import Resident
from impls.pytorch_tuned import PyTorchTuned


class GatheredFirst(PyTorchTuned):
    """``pytorch:tuned``, but each batch's images are copied to one place first, as every other formulation does.

    Prediction: slower, for a batch is 1.2 MB that are read from all over memory, written, and read again.
    """

    variants: ClassVar[tuple[str, ...]] = ("gathered-first",)

    def _train_steps(self, data: Resident, order: Tensor, losses: Tensor) -> None:
        for step, index in enumerate(order):
            self.optimizer.zero_grad()
            loss = F.nll_loss(self.model(data.images[index]), data.labels[index])
            loss.backward()
            self.optimizer.step()
            losses[step] = loss.detach()
