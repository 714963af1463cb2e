"""PyTorch with Keras' ε in Adam: 1e-7 where PyTorch, Optax and the paper have 1e-8."""

import torch

from impls.pytorch.tuned import PyTorchTuned
from impls.spec import ADAM_BETA1, ADAM_BETA2

EPSILON = 1e-7


class OtherEpsilon(PyTorchTuned):
    """``pytorch:tuned`` with that one number changed."""

    variants = ("epsilon-1e-7",)

    def __init__(self, *, variant: str = "epsilon-1e-7", device: str = "cpu", precision: str = "fp32") -> None:
        super().__init__(variant=variant, device=device, precision=precision)

    def _new_optimizer(self) -> torch.optim.Adam:
        return torch.optim.Adam(self.model.parameters(), betas=(ADAM_BETA1, ADAM_BETA2), eps=EPSILON, fused=True)
