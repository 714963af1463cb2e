"""LeNet in JAX, with Flax NNX and Optax."""

from __future__ import annotations

import os
from typing import ClassVar

# A worker is one of several on its device: take memory as it is needed and not three quarters of it at once.
os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx

from impls.contract import AdamState, Backend, ManySeeds
from impls.contract.precision import require_tf32
from impls.data import Split
from impls.flax.device import DEVICES, device_named
from impls.flax.layout import to_canonical, to_native
from impls.flax.many import FlaxMany
from impls.flax.network import LAYER_DTYPE, LeNet
from impls.flax.probe import JaxProbe, capability_of
from impls.flax.step import Batch, loss_fn, scan_epoch, train_step
from impls.spec import ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON, Params

MATMUL_PRECISION = {"fp32": "highest", "tf32": "tensorfloat32", "bf16": "default"}
"""By precision, what JAX makes of products of float32: its own default on a GPU is TF32. bf16 has no such products."""


class FlaxNNX(Backend):
    """Flax NNX: one compiled step called from a Python loop (``jit``), or one compiled epoch (``scan``)."""

    name: ClassVar[str] = "flax"
    variants: ClassVar[tuple[str, ...]] = ("jit", "scan")
    precisions: ClassVar[tuple[str, ...]] = tuple(LAYER_DTYPE)
    devices: ClassVar[tuple[str, ...]] = DEVICES
    packages: ClassVar[tuple[str, ...]] = ("jax", "jaxlib", "flax", "optax")

    network: ClassVar[type[LeNet]] = LeNet
    evaluation_batch = 1000

    def __init__(self, *, variant: str = "jit", device: str = "cpu", precision: str = "fp32") -> None:
        self.device = device_named(device)
        jax.config.update("jax_default_device", self.device)
        if precision == "tf32":
            require_tf32(capability_of(self.device))
        jax.config.update("jax_default_matmul_precision", MATMUL_PRECISION[precision])
        self.variant, self.precision = variant, precision
        self.model = self.network(rngs=nnx.Rngs(0), dtype=LAYER_DTYPE[precision])
        self._reset_optimizer()
        self._loss_and_grads = nnx.jit(nnx.value_and_grad(loss_fn))
        self._logits = nnx.jit(lambda model, images: model(images))
        self._train_step = nnx.jit(train_step)

    def _reset_optimizer(self) -> None:
        # The learning rate is part of the state, so that changing it compiles nothing anew; the other
        # hyper-parameters stay Python constants.
        adam = optax.inject_hyperparams(optax.adam, static_args=("b1", "b2", "eps", "eps_root"))
        tx = adam(learning_rate=0.0, b1=ADAM_BETA1, b2=ADAM_BETA2, eps=ADAM_EPSILON)
        self.optimizer = nnx.Optimizer(self.model, tx, wrt=nnx.Param)
        # Bound to the device as compiled functions return it: else the second epoch would be compiled for itself.
        state = nnx.state((self.model, self.optimizer))
        nnx.update((self.model, self.optimizer), jax.device_put(state, self.device))

    def load_params(self, params: Params) -> None:
        nnx.update(self.model, to_native(params))
        self._reset_optimizer()

    def export_params(self) -> Params:
        return to_canonical(nnx.to_pure_dict(nnx.state(self.model, nnx.Param)))

    def export_optimizer(self) -> AdamState:
        adam = nnx.to_pure_dict(nnx.state(self.optimizer))["opt_state"]["inner_state"][0]
        return AdamState(int(adam["count"]), to_canonical(adam["mu"]), to_canonical(adam["nu"]))

    def load_optimizer(self, state: AdamState) -> None:
        count = np.int32(state.steps)
        adam = {"count": count, "mu": to_native(state.first), "nu": to_native(state.second)}
        own = {"step": np.uint32(count), "opt_state": {"count": count, "inner_state": {0: adam}}}
        nnx.update(self.optimizer, jax.device_put(own, self.device))

    def to_device(self, split: Split) -> Batch:
        return jax.block_until_ready(self._put(split.images, split.labels))

    def _put(self, images: np.ndarray, labels: np.ndarray) -> Batch:
        channels_last = np.ascontiguousarray(images.transpose(0, 2, 3, 1))
        return jax.device_put(Batch(channels_last, labels.astype(np.int32)), self.device)

    def read_batch(self, data: Batch, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        batch = data.take(jnp.asarray(indices))
        return np.asarray(batch.images).transpose(0, 3, 1, 2), np.asarray(batch.labels).astype(np.int64)

    def log_probs(self, images: np.ndarray) -> np.ndarray:
        logits = self._logits(self.model, self._put(images, np.zeros(len(images))).images)
        return np.asarray(jax.nn.log_softmax(logits))

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        capture = nnx.capture(self.model, nnx.Intermediate, method_outputs=nnx.Intermediate)
        _, outputs = capture(self._put(images, np.zeros(len(images))).images)
        names = ("conv1", "conv2", "fc1", "fc2", "fc3")
        layers = {name: np.asarray(outputs[name]["__call__"][0], np.float32) for name in names}
        return {name: x.transpose(0, 3, 1, 2) if x.ndim == 4 else x for name, x in layers.items()}

    def loss_and_grads(self, images: np.ndarray, labels: np.ndarray) -> tuple[float, Params]:
        loss, grads = self._loss_and_grads(self.model, self._put(images, labels))
        return float(loss), to_canonical(nnx.to_pure_dict(grads))

    def train_epoch(self, data: Batch, order: np.ndarray, lr: float) -> np.ndarray:
        self.optimizer.opt_state.hyperparams["learning_rate"][...] = jnp.float32(lr)
        indices = jnp.asarray(order, dtype=jnp.int32)
        if self.variant != "jit":
            graphdef, state = nnx.split((self.model, self.optimizer))
            state, losses = scan_epoch(graphdef, state, data, indices)
            nnx.update((self.model, self.optimizer), state)
        else:
            # cached_partial walks the model's object graph once an epoch and not once a step
            # (flax.readthedocs.io/en/latest/guides/performance.html).
            step = nnx.cached_partial(self._train_step, self.model, self.optimizer)
            losses = jnp.stack([step(data, index) for index in indices])
        jax.block_until_ready((losses, nnx.state((self.model, self.optimizer))))
        return np.asarray(losses)

    def predict(self, data: Batch) -> np.ndarray:
        logits = nnx.cached_partial(self._logits, self.model)
        starts = range(0, len(data.labels), self.evaluation_batch)
        classes = [logits(data.images[i : i + self.evaluation_batch]).argmax(axis=1) for i in starts]
        return np.asarray(jnp.concatenate(classes))

    def many(self) -> ManySeeds | None:
        return FlaxMany(self) if self.variant in ("jit", "scan") else None

    def probe(self) -> JaxProbe:
        return JaxProbe(self.device, self.precision)
