"""The oracle as a backend, ``reference``, so that it can be checked like any other."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from impls.contract import AdamState, Backend
from impls.data import Split
from impls.errors import DeviceUnavailableError
from impls.reference.adam import Adam
from impls.reference.network import Array, MatMul, backward, forward, loss
from impls.reference.rounding import in_precision
from impls.spec import ACTIVATION_SHAPES, PARAMETER_SHAPES, Params


class Reference(Backend):
    """The oracle as a backend; on the CPU only, and slow.

    TF32 and bfloat16 are imitated: products are rounded as they round them (`impls.reference.rounding`).
    """

    name: ClassVar[str] = "reference"
    variants: ClassVar[tuple[str, ...]] = ("float64", "float32")
    precisions: ClassVar[tuple[str, ...]] = ("fp32", "tf32", "bf16")
    devices: ClassVar[tuple[str, ...]] = ("cpu",)
    packages: ClassVar[tuple[str, ...]] = ("numpy",)

    def __init__(
        self,
        *,
        variant: str = "float64",
        device: str = "cpu",
        precision: str = "fp32",
        matmul: MatMul = np.matmul,
    ) -> None:
        if device != "cpu":
            raise DeviceUnavailableError("The reference runs on the CPU only; use --device cpu.")
        self.dtype = np.dtype(variant)
        self.sum_loss = matmul  # the loss is summed in float32, whatever the precision of products
        self.matmul = in_precision(precision, matmul)

    def load_params(self, params: Params) -> None:
        self.params = {name: params[name].astype(self.dtype) for name in PARAMETER_SHAPES}
        self.adam = Adam()

    def export_params(self) -> Params:
        return {name: value.astype(np.float32) for name, value in self.params.items()}

    def export_optimizer(self) -> AdamState:
        fresh, adam = AdamState.fresh(), self.adam
        first, second = ({n: m.astype(np.float32) for n, m in moments.items()} for moments in (adam.m, adam.v))
        return AdamState(adam.steps, fresh.first | first, fresh.second | second)

    def load_optimizer(self, state: AdamState) -> None:
        m, v = ({n: x.astype(self.dtype) for n, x in moments.items()} for moments in (state.first, state.second))
        self.adam = Adam(state.steps, m, v)

    def to_device(self, split: Split) -> Split:
        return split

    def read_batch(self, data: Split, indices: Array) -> tuple[Array, Array]:
        return data.images[indices], data.labels[indices]

    def log_probs(self, images: Array) -> Array:
        return forward(self.params, images, self.matmul)[0].astype(np.float32)

    def activations(self, images: Array) -> dict[str, Array]:
        _, a = forward(self.params, images, self.matmul)
        return {name: a[name].astype(np.float32) for name in ACTIVATION_SHAPES}

    def loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = self.exact_loss_and_grads(images, labels)
        return value, {name: grad.astype(np.float32) for name, grad in grads.items()}

    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        """As `loss_and_grads`, in this variant's own dtype."""
        log_probs, activations = forward(self.params, images, self.matmul)
        return loss(log_probs, labels, self.sum_loss), backward(self.params, activations, labels, self.matmul)

    def train_epoch(self, data: Split, order: Array, lr: float) -> Array:
        losses = np.empty(len(order), np.float64)
        for step, indices in enumerate(order):
            losses[step], grads = self.exact_loss_and_grads(*self.read_batch(data, indices))
            self.params = self.adam.step(self.params, grads, lr)
        return losses.astype(np.float32)

    def predict(self, data: Any) -> Array:
        batches = np.array_split(data.images, max(1, len(data) // 500))
        return np.concatenate([forward(self.params, batch, self.matmul)[0].argmax(axis=1) for batch in batches])
