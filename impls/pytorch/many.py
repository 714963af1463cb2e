"""Several seeds at once in PyTorch: the model's own forward pass, mapped over stacked parameters.

The optimizer needs nothing new. Adam works element by element, so that of the stacked parameters is that of each; and
the gradient of the sum of all losses in one replica's parameters is that of its own loss, for no other depends on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call, vmap

from impls.contract import ManySeeds
from impls.spec import ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON, Params


class TorchMany(ManySeeds):
    """Replicas of a module whose state dict has the canonical names and layouts.

    Args:
        model: (N, 3, 32, 32) float32 -> log-probabilities (N, 10); its own parameters are not touched.
        evaluation_batch: images that every replica classifies at once.
    """

    def __init__(self, model: nn.Module, evaluation_batch: int) -> None:
        self.model, self.evaluation_batch = model, evaluation_batch
        self.device = next(model.parameters()).device

    def load_many(self, params: Sequence[Params]) -> None:
        stacked = {name: torch.from_numpy(np.stack([each[name] for each in params])) for name in params[0]}
        self.params = {name: value.to(self.device).requires_grad_() for name, value in stacked.items()}
        self.optimizer = torch.optim.Adam(list(self.params.values()), betas=(ADAM_BETA1, ADAM_BETA2), eps=ADAM_EPSILON)

    def export_many(self) -> list[Params]:
        stacked = {name: value.numpy(force=True) for name, value in self.params.items()}
        return [{name: value[replica].copy() for name, value in stacked.items()} for replica in range(self._replicas())]

    def _replicas(self) -> int:
        return len(next(iter(self.params.values())))

    def _loss(self, params: dict[str, Tensor], images: Tensor, labels: Tensor) -> Tensor:
        """Of one replica's batch."""
        return F.nll_loss(functional_call(self.model, params, (images,)), labels)

    def train_many(self, data: Any, orders: np.ndarray, lr: float) -> np.ndarray:
        for group in self.optimizer.param_groups:
            group["lr"] = lr
        steps = torch.from_numpy(np.ascontiguousarray(orders.swapaxes(0, 1))).to(self.device)
        losses = torch.empty(steps.shape[:2], device=self.device)
        losses_of_all = vmap(self._loss)
        for step, indices in enumerate(steps):
            self.optimizer.zero_grad()
            each = losses_of_all(self.params, data.images[indices], data.labels[indices])
            each.sum().backward()
            self.optimizer.step()
            losses[step] = each.detach()
        return losses.T.numpy(force=True)  # copying the losses to the host waits for every step

    @torch.inference_mode()
    def predict_many(self, data: Any) -> np.ndarray:
        def classes(params: dict[str, Tensor], images: Tensor) -> Tensor:
            return functional_call(self.model, params, (images,)).argmax(dim=1)

        batches = data.images.split(self.evaluation_batch)
        classes_of_all = vmap(classes, in_dims=(0, None))
        return torch.cat([classes_of_all(self.params, batch) for batch in batches], dim=1).numpy(force=True)
