"""Backends that are right though done otherwise: the ladder must never accuse them."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from bench.parity.noise import sequential_matmul
from fakes import Sound
from impls.pytorch.eager import LeNet, PyTorch

Array = np.ndarray


class Float64Inside(Sound):
    variants: ClassVar[tuple[str, ...]] = ("float64",)

    def __init__(self, *, variant: str = "float64", device: str = "cpu", precision: str = "fp32") -> None:
        super().__init__(variant="float64", device=device, precision=precision)


class SumsBackwards(Sound):
    """Products summed in four parts, from the last to the first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(matmul=self.backwards, **kwargs)

    @staticmethod
    def backwards(a: Array, b: Array) -> Array:
        parts = np.array_split(np.arange(a.shape[1]), 4)
        return sum((a[:, part] @ b[part] for part in parts[:0:-1]), a[:, parts[0]] @ b[parts[0]])


class SumsOneByOne(Sound):
    """Every sum a term at a time, the loss's too, in a random order of its own."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(matmul=sequential_matmul(np.random.default_rng(12345)), **kwargs)


class FusedAdam(PyTorch):
    def _new_optimizer(self) -> torch.optim.Adam:
        return torch.optim.Adam(self.model.parameters(), fused=True)


class ChannelsLast(PyTorch):
    """Convolutions in the other memory layout."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model = self.model.to(memory_format=torch.channels_last)
        self.optimizer = self._new_optimizer()


class WithoutOneDNN(PyTorch):
    """PyTorch's own convolutions, which order their loops otherwise."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model = WithoutOneDNN.Model()
        self.optimizer = self._new_optimizer()

    class Model(LeNet):
        def forward(self, x: Tensor) -> Tensor:
            torch.backends.mkldnn.enabled = False
            try:
                return super().forward(x)
            finally:
                torch.backends.mkldnn.enabled = True

    def activations(self, images: Array) -> dict[str, Array]:
        return {}


class AutocastBFloat16(PyTorch):
    """Layers in bfloat16, parameters and loss in float32."""

    precisions: ClassVar[tuple[str, ...]] = ("bf16",)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model = AutocastBFloat16.Model()
        self.optimizer = self._new_optimizer()

    class Model(LeNet):
        def forward(self, x: Tensor) -> Tensor:
            with torch.autocast("cpu", torch.bfloat16):
                x = self.pool(F.relu(self.conv1(x)))
                x = self.pool(F.relu(self.conv2(x)))
                x = F.relu(self.fc1(torch.flatten(x, 1)))
                x = self.fc3(F.relu(self.fc2(x)))
            return F.log_softmax(x.float(), dim=1)

    def activations(self, images: Array) -> dict[str, Array]:
        return {}
