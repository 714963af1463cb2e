"""Eager PyTorch whose Adam is one operator."""

from __future__ import annotations

from typing import ClassVar

import torch

from impls.contract import ManySeeds
from impls.pytorch.eager import PyTorch
from impls.spec import ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON


class FusedAdam(PyTorch):
    """Eager PyTorch with ``torch.optim.Adam(fused=True)``.

    Prediction: a little faster, because the default Adam calls a dozen small operators for each of the ten parameters
    (most of them too small for the work to outweigh the calls), and the fused one reads and writes each number once.
    """

    variants: ClassVar[tuple[str, ...]] = ("fused-adam",)
    precisions: ClassVar[tuple[str, ...]] = ("fp32",)

    def _new_optimizer(self) -> torch.optim.Adam:
        return torch.optim.Adam(self.model.parameters(), betas=(ADAM_BETA1, ADAM_BETA2), eps=ADAM_EPSILON, fused=True)

    def many(self) -> ManySeeds | None:
        return None  # that would train with another Adam than the one that this is about
