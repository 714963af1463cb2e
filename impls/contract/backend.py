"""The contract between a framework's implementation and everything that checks or measures it.

A backend says what a framework can do and nothing of how it is measured. To add one, subclass `Backend` in
a module of your own and name it ``your_module:YourBackend``; ``impls/README.md`` walks through it.

Everything that crosses this line is NumPy in canonical form (`impls.spec`): images (N, 3, 32, 32) float32
in [0, 1], labels (N,) int64, parameters in PyTorch's names and layouts, float32. How a backend lays things out
inside is its own business.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np

from impls.contract.adam_state import AdamState
from impls.contract.device import DEVICES
from impls.contract.many_seeds import ManySeeds
from impls.contract.probe import Probe
from impls.data import Split
from impls.spec import Params


class Backend(ABC):
    """LeNet and its training in one framework.

    Class attributes:
        name: what tables call it.
        variants: ways of running it, all the same computation; the first is the default.
        precisions: arithmetic it offers. "fp32" means IEEE float32 throughout, TF32 and the like off; "tf32" that the
            operands of matrix products and convolutions are rounded to TF32; "bf16" that these layers compute in
            bfloat16, with sums in float32. In all of them parameters, optimizer, log-softmax and loss are float32.
        devices: names of the devices that it may run on, letters a-z, digits, ":", "_" and "-"; ``--device auto`` takes
            the first that constructs, so accelerators come first. "cpu" and "cuda" are what PyTorch calls so; other
            names are the backend's own.
        packages: distributions whose versions identify its results, e.g. ``("torch",)``.

    Args of the constructor:
        variant: one of ``variants``.
        device: one of ``devices``.
        precision: one of ``precisions``.

    Raises (constructor):
        DeviceUnavailableError: the device is not there, or the framework has no support for it.
        PrecisionUnavailableError: the device cannot compute in that precision.
    """

    name: ClassVar[str]
    variants: ClassVar[tuple[str, ...]]
    precisions: ClassVar[tuple[str, ...]] = ("fp32",)
    devices: ClassVar[tuple[str, ...]] = DEVICES
    packages: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def __init__(self, *, variant: str, device: str, precision: str = "fp32") -> None: ...

    @abstractmethod
    def load_params(self, params: Params) -> None:
        """Take canonical parameters and forget the optimizer's state (step count and moments)."""

    @abstractmethod
    def export_params(self) -> Params:
        """The current parameters in canonical form; ``load_params`` of them changes no bit."""

    def export_optimizer(self) -> AdamState | None:
        """Optional: the optimizer's state in canonical form, so that a run can be stopped and gone on with.

        Without it, a run that was interrupted (`lenet-bench lecture --resume`) is trained anew.
        """
        return None

    def load_optimizer(self, state: AdamState) -> None:
        """Optional: go on from what `export_optimizer` returned; `load_params` comes before it."""
        raise NotImplementedError

    @abstractmethod
    def to_device(self, split: Split) -> Any:
        """Make a split resident where the computation runs; what comes back is the backend's own.

        Called once per split, outside every timed region.
        """

    @abstractmethod
    def read_batch(self, data: Any, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The images and labels that a step on ``indices`` sees, taken back out in canonical form.

        Shows that the backend's own storage and gather lose nothing; it is never timed.

        Args:
            data: what `to_device` returned.
            indices: (B,) int64.

        Returns:
            Images (B, 3, 32, 32) float32 and labels (B,) int64.
        """

    @abstractmethod
    def log_probs(self, images: np.ndarray) -> np.ndarray:
        """Log-probabilities (N, 10) float32 of images (N, 3, 32, 32) float32."""

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """Optional: what layers give out, so that a wrong forward pass is traced to its layer.

        Args:
            images: (N, 3, 32, 32) float32.

        Returns:
            Any of `impls.spec.ACTIVATION_SHAPES`, float32 and channels first: a layer's output before its ReLU,
            and what a pooling gives to the next layer. Layers left out are not compared. Where a layer and its ReLU
            are one, give its output after the ReLU (and before pooling) as ``conv1_relu``, ``conv2_relu``,
            ``fc1_relu`` or ``fc2_relu``.
        """
        return {}

    @abstractmethod
    def loss_and_grads(self, images: np.ndarray, labels: np.ndarray) -> tuple[float, Params]:
        """Mean negative log-likelihood of a batch and its gradient in every canonical parameter."""

    @abstractmethod
    def train_epoch(self, data: Any, order: np.ndarray, lr: float) -> np.ndarray:
        """Train one epoch with Adam, as fast as the framework can, and wait for the device.

        It returns only when the device is idle: that is the one point of synchronisation, and the timer
        sits outside it.

        Args:
            data: the training split, as `to_device` returned it.
            order: (steps, batch) int64, the images of each step.
            lr: learning rate of the whole epoch; at 0 the moments are updated and the parameters stay.

        Returns:
            (steps,) float32: the loss of each step, before that step's update.
        """

    @abstractmethod
    def predict(self, data: Any) -> np.ndarray:
        """The most probable class (N,) of every image of a resident split; waits for the device."""

    def probe(self) -> Probe | None:
        """Optional: what the framework can say of the device under it; never timed.

        For the harness's figures of the device's limits, memory and activity, which are left out where it is None.
        """
        return None

    def many(self) -> ManySeeds | None:
        """Optional: several seeds trained at once, faster than one after the other; for runs of accuracy.

        On an accelerator these use it where it is not None. It is held against the oracle as everything else is.
        """
        return None
