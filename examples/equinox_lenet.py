"""LeNet in Equinox, a third-party backend; check it with ``lenet-bench check examples.equinox_lenet:EquinoxLeNet``."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from equinox.nn import Conv2d, Lambda, Linear, MaxPool2d, Sequential

from impls.contract import Backend
from impls.data import Split
from impls.errors import DeviceUnavailableError
from impls.spec import PARAMETER_SHAPES, Params

ADAM = optax.scale_by_adam()  # not `optax.adam`: the learning rate comes with every epoch


class LeNet(Sequential):
    """One image (3, 32, 32) to ten log-probabilities; its arrays are the canonical parameters, in their order."""

    def __init__(self, key: jax.Array) -> None:
        relu, pool = Lambda(jax.nn.relu), MaxPool2d(2, stride=2)  # whose stride is 1 unless told
        bottom = [Conv2d(3, 6, 5, key=key), relu, pool, Conv2d(6, 16, 5, key=key), relu, pool, Lambda(jnp.ravel)]
        top = [Linear(400, 120, key=key), relu, Linear(120, 84, key=key), relu, Linear(84, 10, key=key)]
        super().__init__([*bottom, *top, Lambda(jax.nn.log_softmax)])

    def loss(self, images: jax.Array, labels: jax.Array) -> jax.Array:
        return -jnp.take_along_axis(jax.vmap(self)(images), labels[:, None], axis=1).mean()

    @eqx.filter_jit
    def step(self, state: optax.OptState, data: list[jax.Array], rows: jax.Array, lr: jax.Array) -> tuple:
        loss, grads = eqx.filter_value_and_grad(LeNet.loss)(self, *(array[rows] for array in data))
        updates, state = ADAM.update(grads, state)
        return eqx.apply_updates(self, jax.tree.map(lambda u: -lr * u, updates)), state, loss

    def canonical(self) -> Params:
        arrays = jax.tree.leaves(eqx.filter(self, eqx.is_array))  # a bias of `Conv2d` is (channels, 1, 1)
        return {n: np.array(a).reshape(s) for (n, s), a in zip(PARAMETER_SHAPES.items(), arrays, strict=True)}


class EquinoxLeNet(Backend):  # noqa: D101
    name, variants, packages = "equinox", ("default",), ("equinox", "jax", "optax")

    def __init__(self, *, variant: str, device: str, precision: str = "fp32") -> None:
        if device == "cuda" and jax.default_backend() != "gpu":
            raise DeviceUnavailableError("JAX finds no CUDA device.")
        jax.config.update("jax_default_device", jax.devices(device)[0])
        jax.config.update("jax_default_matmul_precision", "highest")  # no TF32

    def load_params(self, params: Params) -> None:
        arrays, rest = eqx.partition(LeNet(jax.random.key(0)), eqx.is_array)  # what is drawn here is replaced
        given = jax.tree.unflatten(jax.tree.structure(arrays), [params[name] for name in PARAMETER_SHAPES])
        arrays = jax.tree.map(lambda a, p: jnp.array(p.reshape(a.shape)), arrays, given)
        self.model, self.state = eqx.combine(arrays, rest), ADAM.init(arrays)

    def export_params(self) -> Params:
        return self.model.canonical()

    def to_device(self, split: Split) -> list[jax.Array]:
        return [jnp.array(split.images), jnp.array(split.labels)]

    def read_batch(self, data: list[jax.Array], indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.array(data[0][indices]), np.array(data[1][indices], np.int64)

    def log_probs(self, images: np.ndarray) -> np.ndarray:
        return np.array(eqx.filter_jit(eqx.filter_vmap(self.model))(images))

    def loss_and_grads(self, images: np.ndarray, labels: np.ndarray) -> tuple[float, Params]:
        loss, grads = eqx.filter_jit(eqx.filter_value_and_grad(LeNet.loss))(self.model, images, labels)
        return float(loss), grads.canonical()

    def train_epoch(self, data: list[jax.Array], order: np.ndarray, lr: float) -> np.ndarray:
        losses = [jnp.nan] * len(order)
        for i, rows in enumerate(jnp.array(order)):  # not a `scan`: in a loop, XLA's convolutions are slow on a CPU
            self.model, self.state, losses[i] = self.model.step(self.state, data, rows, jnp.float32(lr))
        return np.array(jax.device_get(losses))  # which waits for the last step

    def predict(self, data: list[jax.Array]) -> np.ndarray:
        return np.array(eqx.filter_jit(eqx.filter_vmap(self.model))(data[0]).argmax(axis=1))
