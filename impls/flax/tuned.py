"""LeNet in JAX and Flax at its best on a CPU: convolution, ReLU and pool as one custom call in C++."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from impls.contract import ManySeeds
from impls.errors import DeviceUnavailableError
from impls.flax.network import LeNet
from impls.flax.nnx import FlaxNNX
from impls.flax.step import Batch
from impls.native.build import library


@cache
def register_kernels() -> None:
    """Make the kernels of ``impls/native`` known to XLA (docs.jax.dev/en/latest/ffi.html)."""
    kernels = library("for_xla.cpp", f"-isystem{jax.ffi.include_dir()}")
    for name in ("Conv1Forward", "Conv1Backward", "Conv2Forward", "Conv2Backward"):
        jax.ffi.register_ffi_target(f"lenet.{name}", jax.ffi.pycapsule(getattr(kernels, name)), platform="cpu")


def call(kernel: str, *args: jax.Array, shapes: list[tuple[int, ...]], choice: bool = False) -> list[jax.Array]:
    """Call a kernel: its results have these shapes and are float32, but for the last one if that is ``choice``."""
    types = [jax.ShapeDtypeStruct(shape, jnp.float32) for shape in shapes]
    if choice:
        types.append(jax.ShapeDtypeStruct(shapes[0], jnp.uint8))
    return list(jax.ffi.ffi_call(f"lenet.{kernel}", types)(*args))


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Rows:
    """Rows of an array of images, named and not gathered: the kernels read them where they lie.

    Attributes:
        images: (N, 3, 32, 32) float32.
        index: (B,) int32.
    """

    images: jax.Array
    index: jax.Array

    def __getitem__(self, at: Any) -> Rows:
        return Rows(self.images, self.index[at])

    def gathered(self) -> jax.Array:
        """The images (B, 3, 32, 32)."""
        return self.images[self.index]


@jax.custom_vjp
def conv1_relu_pool(x: Rows, weight: jax.Array, bias: jax.Array) -> jax.Array:
    """Convolution, ReLU and max-pool: B rows of images, weight (6, 3, 5, 5), bias (6,) -> (B, 14, 14, 6)."""
    return _conv1_forward(x, weight, bias)[0]


def _conv1_forward(x: Rows, weight: jax.Array, bias: jax.Array) -> tuple[jax.Array, Any]:
    result, choice = call(
        "Conv1Forward", x.images, x.index, weight, bias, shapes=[(len(x.index), 14, 14, 6)], choice=True
    )
    return result, (x, choice)


def _conv1_backward(kept: Any, grad: jax.Array) -> tuple[Any, ...]:
    x, choice = kept
    return None, *call("Conv1Backward", x.images, x.index, choice, grad, shapes=[(6, 3, 5, 5), (6,)])


@jax.custom_vjp
def conv2_relu_pool(x: jax.Array, weight: jax.Array, bias: jax.Array) -> jax.Array:
    """Convolution, ReLU and max-pool: x (B, 14, 14, 6), weight (16, 6, 5, 5), bias (16,) -> (B, 5, 5, 16)."""
    return _conv2_forward(x, weight, bias)[0]


def _conv2_forward(x: jax.Array, weight: jax.Array, bias: jax.Array) -> tuple[jax.Array, Any]:
    result, choice = call("Conv2Forward", x, weight, bias, shapes=[(len(x), 5, 5, 16)], choice=True)
    return result, (x, weight, choice)


def _conv2_backward(kept: Any, grad: jax.Array) -> tuple[Any, ...]:
    x, weight, choice = kept
    return tuple(call("Conv2Backward", x, weight, choice, grad, shapes=[x.shape, weight.shape, (16,)]))


conv1_relu_pool.defvjp(_conv1_forward, _conv1_backward)
conv2_relu_pool.defvjp(_conv2_forward, _conv2_backward)


class TunedLeNet(LeNet):
    """The same parameters, with the layers of convolutions as above."""

    def __call__(self, x: Rows) -> jax.Array:
        """Map B rows of images to logits (B, 10)."""
        return self.layers(x)["fc3"]

    def layers(self, x: Rows) -> dict[str, jax.Array]:
        """What the layers give out, named as in `impls.spec.ACTIVATION_SHAPES`, channels last; pooling after ReLU."""
        pool1, pool2 = self.pools(x)
        fc1 = self.fc1(pool2.reshape(len(pool2), -1))
        fc2 = self.fc2(nnx.relu(fc1))
        fc3 = self.fc3(nnx.relu(fc2))
        return {"pool1": pool1, "pool2": pool2, "fc1": fc1, "fc2": fc2, "fc3": fc3}

    def pools(self, x: Rows) -> tuple[jax.Array, jax.Array]:
        """The layers of convolution: (B, 14, 14, 6) and (B, 5, 5, 16)."""
        pool1 = conv1_relu_pool(x, *canonical(self.conv1))
        return pool1, conv2_relu_pool(pool1, *canonical(self.conv2))


def canonical(layer: nnx.Conv) -> tuple[jax.Array, jax.Array]:
    """A layer's kernel as (out, in, 5, 5), and its bias."""
    return layer.kernel[...].transpose(3, 2, 0, 1), layer.bias[...]


class FlaxTuned(FlaxNNX):
    """Flax NNX with custom calls, an epoch compiled as one loop (``tuned``), on a CPU."""

    variants: ClassVar[tuple[str, ...]] = ("tuned",)
    devices: ClassVar[tuple[str, ...]] = ("cpu",)
    precisions: ClassVar[tuple[str, ...]] = ("fp32",)
    network: ClassVar[type[LeNet]] = TunedLeNet

    def __init__(self, *, variant: str = "tuned", device: str = "cpu", precision: str = "fp32") -> None:
        if device != "cpu":
            raise DeviceUnavailableError("flax:tuned is written for CPUs; use flax:scan on a GPU.")
        register_kernels()
        super().__init__(variant=variant, device=device, precision=precision)
        self._layers = nnx.jit(TunedLeNet.layers)

    def _put(self, images: np.ndarray, labels: np.ndarray) -> Batch:
        every = Rows(np.ascontiguousarray(images), np.arange(len(images), dtype=np.int32))
        return jax.device_put(Batch(every, labels.astype(np.int32)), self.device)

    def read_batch(self, data: Batch, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        batch = data.take(jnp.asarray(indices))
        return np.asarray(batch.images.gathered()), np.asarray(batch.labels).astype(np.int64)

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        layers = self._layers(self.model, self._put(images, np.zeros(len(images))).images)
        return {name: np.asarray(x.transpose(0, 3, 1, 2) if x.ndim == 4 else x) for name, x in layers.items()}

    def many(self) -> ManySeeds | None:
        return None  # its custom calls have no batching rule for jax.vmap
