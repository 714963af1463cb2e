"""LeNet in PyTorch at its best on a CPU: convolution, ReLU and pool as one operator in C++."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any, ClassVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from impls.contract import ManySeeds
from impls.errors import DeviceUnavailableError
from impls.native.build import library
from impls.pytorch.eager import LeNet, PyTorch, Resident
from impls.spec import ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON


@cache
def kernels() -> ctypes.CDLL:
    """The kernels of ``impls/native``, on OpenMP's threads, which are PyTorch's."""
    kernels = library("for_c.cpp", "-fopenmp")
    tensor, number = ctypes.c_void_p, ctypes.c_int64
    kernels.conv1_forward.argtypes = [tensor, tensor, number, *[tensor] * 4, number]
    kernels.conv1_backward.argtypes = [tensor, tensor, number, *[tensor] * 4, number]
    kernels.conv2_forward.argtypes = [tensor, number, *[tensor] * 4, number]
    kernels.conv2_backward.argtypes = [tensor, number, *[tensor] * 6, number]
    for name in ("conv1_forward", "conv1_backward", "conv2_forward", "conv2_backward"):
        getattr(kernels, name).restype = None
    return kernels


class Conv1ReLUPool(Function):
    """Convolution, ReLU and max-pool of ``images[index]``, which is never made.

    images (N, 3, 32, 32), index (B,) int64, weight (6, 3, 5, 5), bias (6,) -> (B, 14, 14, 6); float32, contiguous.
    """

    @staticmethod
    def forward(ctx: Any, images: Tensor, index: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        result = torch.empty(len(index), 14, 14, 6)
        choice = torch.empty(len(index), 14, 14, 6, dtype=torch.uint8)
        _call(kernels().conv1_forward, images, index, len(index), weight, bias, result, choice)
        ctx.save_for_backward(images, index, choice)
        return result

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        images, index, choice = ctx.saved_tensors
        grad_weight, grad_bias = torch.empty(6, 3, 5, 5), torch.empty(6)
        _call(kernels().conv1_backward, images, index, len(index), choice, grad.contiguous(), grad_weight, grad_bias)
        return None, None, grad_weight, grad_bias


class Conv2ReLUPool(Function):
    """Convolution, ReLU and max-pool.

    x (B, 14, 14, 6), weight (16, 6, 5, 5), bias (16,) -> (B, 16, 5, 5); float32, contiguous.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        result = torch.empty(len(x), 16, 5, 5)
        choice = torch.empty(len(x), 16, 5, 5, dtype=torch.uint8)
        _call(kernels().conv2_forward, x, len(x), weight, bias, result, choice)
        ctx.save_for_backward(x, weight, choice)
        return result

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, ...]:
        x, weight, choice = ctx.saved_tensors
        grads = torch.empty_like(x), torch.empty_like(weight), torch.empty(16)
        _call(kernels().conv2_backward, x, len(x), weight, choice, grad.contiguous(), *grads)
        return grads


def _call(kernel: Any, *args: Tensor | int) -> None:
    pointers = [a.data_ptr() if isinstance(a, Tensor) else a for a in args]
    kernel(*pointers, torch.get_num_threads())


class TunedLeNet(LeNet):
    """The same parameters, with the layers of convolutions as above."""

    def forward(self, images: Tensor, index: Tensor | None = None) -> Tensor:
        """Map ``images[index]`` (all of them without one) of (N, 3, 32, 32) to log-probabilities (B, 10)."""
        return F.log_softmax(self.layers(images, index)["fc3"], dim=1)

    def layers(self, images: Tensor, index: Tensor | None = None) -> dict[str, Tensor]:
        """What the layers give out, named as in `impls.spec.ACTIVATION_SHAPES`; pooling as it comes, after ReLU."""
        index = torch.arange(len(images)) if index is None else index
        pool1 = Conv1ReLUPool.apply(images, index, self.conv1.weight, self.conv1.bias)
        pool2 = Conv2ReLUPool.apply(pool1, self.conv2.weight, self.conv2.bias)
        fc1 = self.fc1(pool2.flatten(1))
        fc2 = self.fc2(F.relu(fc1))
        fc3 = self.fc3(F.relu(fc2))
        return {"pool1": pool1.permute(0, 3, 1, 2), "pool2": pool2, "fc1": fc1, "fc2": fc2, "fc3": fc3}


class PyTorchTuned(PyTorch):
    """PyTorch with operators of its own and the fused Adam (``tuned``), on a CPU.

    The operators read a batch's images where they lie, so no batch is gathered.
    """

    variants: ClassVar[tuple[str, ...]] = ("tuned",)
    devices: ClassVar[tuple[str, ...]] = ("cpu",)
    precisions: ClassVar[tuple[str, ...]] = ("fp32",)
    network: ClassVar[type[LeNet]] = TunedLeNet

    def __init__(self, *, variant: str = "tuned", device: str = "cpu", precision: str = "fp32") -> None:
        if device != "cpu":
            raise DeviceUnavailableError("pytorch:tuned is written for CPUs; use pytorch:cudagraph on a GPU.")
        kernels()  # compiled now, and not in the first epoch
        super().__init__(variant=variant, device=device, precision=precision)

    def _new_optimizer(self) -> torch.optim.Adam:
        return torch.optim.Adam(self.model.parameters(), betas=(ADAM_BETA1, ADAM_BETA2), eps=ADAM_EPSILON, fused=True)

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        with torch.inference_mode():
            return {name: value.numpy() for name, value in self.model.layers(torch.tensor(images)).items()}

    def _train_steps(self, data: Resident, order: Tensor, losses: Tensor) -> None:
        if order.numel() and not 0 <= order.min() <= order.max() < len(data.images):
            raise IndexError(f"The order names images beyond the {len(data.images)} there are.")  # C++ would read them
        for step, index in enumerate(order):
            self.optimizer.zero_grad()
            loss = F.nll_loss(self.model(data.images, index), data.labels[index])
            loss.backward()
            self.optimizer.step()
            losses[step] = loss.detach()

    def many(self) -> ManySeeds | None:
        return None  # its operators have no batching rule for torch.vmap
