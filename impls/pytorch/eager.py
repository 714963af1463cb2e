"""LeNet in PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, ClassVar, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.models.feature_extraction import create_feature_extractor

from impls.contract import AdamState, Backend, ManySeeds
from impls.contract.precision import require_tf32
from impls.data import Split
from impls.pytorch.device import DEVICES, capability_of, device_named
from impls.pytorch.many import TorchMany
from impls.pytorch.probe import TorchProbe
from impls.spec import ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON, Params


class LeNet(nn.Module):
    """The lecture's network: (N, 3, 32, 32) float32 -> log-probabilities (N, 10) float32.

    Args:
        arithmetic: makes the context in which the layers compute, `arithmetic_of`.
    """

    def __init__(self, arithmetic: Callable[[], AbstractContextManager[Any]] = nullcontext) -> None:
        super().__init__()
        self.arithmetic = arithmetic
        self.conv1 = nn.Conv2d(3, 6, kernel_size=5)
        self.pool = nn.MaxPool2d(kernel_size=2)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Map images (N, 3, 32, 32) to log-probabilities (N, 10)."""
        with self.arithmetic():
            x = self.pool(F.relu(self.conv1(x)))
            x = self.pool(F.relu(self.conv2(x)))
            x = torch.flatten(x, 1)
            x = F.relu(self.fc1(x))
            x = F.relu(self.fc2(x))
            x = self.fc3(x)
        # On a CPU autocast leaves log-softmax in bfloat16, so that it comes after it.
        return F.log_softmax(x, dim=1, dtype=torch.float32)


class Resident(NamedTuple):
    """A split on the device: images (N, 3, 32, 32) float32, labels (N,) int64."""

    images: Tensor
    labels: Tensor


class PyTorch(Backend):
    """PyTorch, op by op (``eager``), with the whole split resident on the device."""

    name: ClassVar[str] = "pytorch"
    variants: ClassVar[tuple[str, ...]] = ("eager",)
    precisions: ClassVar[tuple[str, ...]] = ("fp32", "tf32", "bf16")
    devices: ClassVar[tuple[str, ...]] = DEVICES
    packages: ClassVar[tuple[str, ...]] = ("torch", "torchvision")

    network: ClassVar[type[LeNet]] = LeNet
    evaluation_batch = 1000

    def __init__(self, *, variant: str = "eager", device: str = "cpu", precision: str = "fp32") -> None:
        self.device, self.precision = device_named(device), precision
        if precision == "tf32":
            require_tf32(capability_of(self.device))
        _allow_tf32(precision == "tf32")
        self.model = self.network(arithmetic_of(precision, device)).to(self.device)
        self.optimizer = self._new_optimizer()

    def _new_optimizer(self) -> torch.optim.Adam:
        return torch.optim.Adam(self.model.parameters(), betas=(ADAM_BETA1, ADAM_BETA2), eps=ADAM_EPSILON)

    def _reset_optimizer(self) -> None:
        self.optimizer = self._new_optimizer()

    def load_params(self, params: Params) -> None:
        # The canonical names and layouts are those of this module's state dict.
        self.model.load_state_dict({name: torch.from_numpy(value) for name, value in params.items()})
        self._reset_optimizer()

    def export_params(self) -> Params:
        return {name: value.numpy(force=True).copy() for name, value in self.model.state_dict().items()}

    def export_optimizer(self) -> AdamState:
        states = self.optimizer.state_dict()["state"]  # by the number of the parameter
        if not states:  # Adam makes it in its first step
            return AdamState.fresh()
        names = [name for name, _ in self.model.named_parameters()]
        first, second = (
            {name: states[number][key].numpy(force=True).copy() for number, name in enumerate(names)}
            for key in ("exp_avg", "exp_avg_sq")
        )
        return AdamState(int(states[0]["step"]), first, second)

    def load_optimizer(self, state: AdamState) -> None:
        own = {
            number: {
                "step": torch.tensor(float(state.steps)),
                "exp_avg": torch.tensor(state.first[name]),
                "exp_avg_sq": torch.tensor(state.second[name]),
            }
            for number, (name, _) in enumerate(self.model.named_parameters())
        }
        self.optimizer.load_state_dict(self.optimizer.state_dict() | {"state": own})

    def to_device(self, split: Split) -> Resident:
        return Resident(
            torch.tensor(split.images, device=self.device),
            torch.tensor(split.labels, device=self.device),
        )

    def read_batch(self, data: Resident, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        index = torch.from_numpy(indices).to(self.device)
        return data.images[index].numpy(force=True), data.labels[index].numpy(force=True)

    @torch.inference_mode()
    def log_probs(self, images: np.ndarray) -> np.ndarray:
        return self.model(torch.tensor(images, device=self.device)).numpy(force=True)

    @torch.inference_mode()
    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        nodes = {"conv1": "conv1", "pool": "pool1", "conv2": "conv2", "pool_1": "pool2"}
        layers = create_feature_extractor(self.model, nodes | {fc: fc for fc in ("fc1", "fc2", "fc3")})
        with self.model.arithmetic():  # the extractor keeps operations, and not the context they were in
            outputs = layers(torch.tensor(images, device=self.device))
        return {name: value.float().numpy(force=True) for name, value in outputs.items()}

    def loss_and_grads(self, images: np.ndarray, labels: np.ndarray) -> tuple[float, Params]:
        self.model.zero_grad()
        log_probs = self.model(torch.tensor(images, device=self.device))
        loss = F.nll_loss(log_probs, torch.tensor(labels, device=self.device))
        loss.backward()
        grads = {name: p.grad.numpy(force=True).copy() for name, p in self.model.named_parameters()}
        return loss.item(), grads

    def train_epoch(self, data: Resident, order: np.ndarray, lr: float) -> np.ndarray:
        self._set_lr(lr)
        losses = torch.empty(len(order), device=self.device)
        self._train_steps(data, torch.from_numpy(order).to(self.device), losses)
        return losses.numpy(force=True)  # copying the losses to the host waits for every step

    def _set_lr(self, lr: float) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = lr

    def _train_steps(self, data: Resident, order: Tensor, losses: Tensor) -> None:
        """One step for each row of ``order``, its loss into ``losses``; nothing in it waits for the device."""
        for step, index in enumerate(order):
            self.optimizer.zero_grad()
            loss = F.nll_loss(self.model(data.images[index]), data.labels[index])
            loss.backward()
            self.optimizer.step()
            losses[step] = loss.detach()

    @torch.inference_mode()
    def predict(self, data: Resident) -> np.ndarray:
        return self._classes(data.images).numpy(force=True)

    def _classes(self, images: Tensor) -> Tensor:
        return torch.cat([self.model(batch).argmax(dim=1) for batch in images.split(self.evaluation_batch)])

    def many(self) -> ManySeeds | None:
        # A subclass that runs another way would otherwise have its runs trained in this one.
        return TorchMany(self.model, self.evaluation_batch) if "eager" in self.variants else None

    def probe(self) -> TorchProbe:
        return TorchProbe(self.device, self.precision)


def arithmetic_of(precision: str, device: str) -> Callable[[], AbstractContextManager[Any]]:
    """What makes the context in which layers compute in a precision; parameters stay float32 in all of them."""
    if precision != "bf16":
        return nullcontext
    # No weight is used twice in a pass, so a cache of their bfloat16 copies would save nothing.
    return partial(torch.autocast, device, torch.bfloat16, cache_enabled=False)


def _allow_tf32(allowed: bool) -> None:
    """Turn TF32 on or off: cuDNN's convolutions use it by default (pytorch.org/docs/stable/notes/cuda.html)."""
    torch.backends.cuda.matmul.fp32_precision = "tf32" if allowed else "ieee"
    torch.backends.cudnn.conv.fp32_precision = "tf32" if allowed else "ieee"
