"""PyTorch with its training step compiled by `torch.compile`."""

from __future__ import annotations

import os
import shutil
from functools import partial
from typing import ClassVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.func import functional_call, grad_and_value
from torch.optim.adam import adam

from impls.data import Split
from impls.errors import DeviceUnavailableError
from impls.pytorch.eager import Resident
from impls.pytorch.fixed_addresses import PyTorchInPlace
from impls.spec import ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON, Params


class PyTorchCompile(PyTorchInPlace):
    """PyTorch with the whole step, from the gather to Adam, as one compiled program (``compile``).

    Shapes are static and the learning rate is a tensor, so that only another batch size compiles anew. On a GPU each
    program is one CUDA graph (``reduce-overhead``): `torch.compile` records it at the second call, and finds the
    split, the parameters and Adam's state at fixed addresses. On a CPU that mode is the default one.
    """

    variants: ClassVar[tuple[str, ...]] = ("compile",)
    devices: ClassVar[tuple[str, ...]] = ("cuda", "cpu")

    def __init__(self, *, variant: str = "compile", device: str = "cpu", precision: str = "fp32") -> None:
        super().__init__(variant=variant, device=device, precision=precision)
        _require_compiler(device)
        # Some of Inductor still asks for TF32 by its older name, an error where only the new one was set.
        torch.set_float32_matmul_precision("high" if precision == "tf32" else "highest")
        # The ladder's batches have more sizes than the 8 that are allowed by default.
        torch._dynamo.config.recompile_limit = 64
        for tensor in (*self._training_state(), *(group["lr"] for group in self.optimizer.param_groups)):
            torch._dynamo.mark_static_address(tensor)
        compiled = partial(torch.compile, mode="reduce-overhead", dynamic=False, fullgraph=True)
        self._compiled_model = compiled(self.model)
        self._compiled_grads = compiled(self._grads_and_loss)
        self._compiled_step = compiled(self._train_step)

    def to_device(self, split: Split) -> Resident:
        data = super().to_device(split)
        for tensor in data:
            torch._dynamo.mark_static_address(tensor)  # else a CUDA graph's inputs are copied in every step
        return data

    def _grads_and_loss(self, images: Tensor, labels: Tensor) -> tuple[dict[str, Tensor], Tensor]:
        """Forward and backward as functions of the parameters, which one graph can hold."""

        def loss(parameters: dict[str, Tensor]) -> Tensor:
            return F.nll_loss(functional_call(self.model, parameters, (images,)), labels)

        return grad_and_value(loss)(dict(self.model.named_parameters()))

    def _train_step(self, images: Tensor, labels: Tensor, index: Tensor) -> Tensor:
        """One step on the batch at ``index`` of a split; the loss before it."""
        grads, loss = self._grads_and_loss(images[index], labels[index])
        parameters = list(self.model.parameters())
        states = [self.optimizer.state[parameter] for parameter in parameters]
        # The function behind torch.optim.Adam, whose own `step` breaks the graph. Inductor fuses it by itself.
        adam(
            parameters,
            list(grads.values()),
            [state["exp_avg"] for state in states],
            [state["exp_avg_sq"] for state in states],
            [],
            [state["step"] for state in states],
            lr=self.optimizer.param_groups[0]["lr"],
            beta1=ADAM_BETA1,
            beta2=ADAM_BETA2,
            eps=ADAM_EPSILON,
            weight_decay=0.0,
            amsgrad=False,
            maximize=False,
            capturable=self.device.type == "cuda",
        )
        return loss

    @torch.no_grad()
    def _train_steps(self, data: Resident, order: Tensor, losses: Tensor) -> None:
        for step, index in enumerate(order):
            torch.compiler.cudagraph_mark_step_begin()  # the loss before, in the graph's memory, has been copied
            losses[step] = self._compiled_step(data.images, data.labels, index)

    @torch.no_grad()
    def loss_and_grads(self, images: np.ndarray, labels: np.ndarray) -> tuple[float, Params]:
        batch = torch.tensor(images, device=self.device), torch.tensor(labels, device=self.device)
        grads, loss = self._compiled_grads(*batch)
        return loss.item(), {name: grad.numpy(force=True).copy() for name, grad in grads.items()}

    @torch.no_grad()
    def log_probs(self, images: np.ndarray) -> np.ndarray:
        return self._compiled_model(torch.tensor(images, device=self.device)).numpy(force=True)

    @torch.no_grad()
    def _classes(self, images: Tensor) -> Tensor:
        batches = images.split(self.evaluation_batch)
        return torch.cat([self._compiled_model(batch).argmax(dim=1) for batch in batches])


def _require_compiler(device: str) -> None:
    """Make sure that Inductor's programs, C++ on a CPU and Triton's launchers in C on a GPU, can be built.

    Raises:
        DeviceUnavailableError: there is no compiler.
    """
    variable, usual = ("CXX", ("g++",)) if device == "cpu" else ("CC", ("gcc", "clang"))
    names = (os.environ[variable],) if os.environ.get(variable) else usual
    if not any(map(shutil.which, names)):
        raise DeviceUnavailableError(
            f"torch.compile needs a compiler on the {device}, and there is no {' or '.join(names)} here; install one, "
            f"or name it in the environment's {variable}."
        )
