"""Backends as newcomers write them in other frameworks: what trials with Keras, Paddle, MLX and tinygrad ran into."""

from __future__ import annotations

from typing import Any

import numpy as np

from defects.base import Array, Patched, bfloat16
from fakes import Sound
from impls.reference import network
from impls.reference.adam import Adam
from impls.spec import ADAM_EPSILON, Params
from own_adam import OwnStep, WithAdam

# --- Adam -----------------------------------------------------------------------------------------------------


class AdamOfMLX(WithAdam):
    """No bias correction: mlx.optimizers.Adam with its defaults."""

    class adam_class(OwnStep):  # noqa: N801
        def corrected(self, name: str, m: Array, v: Array) -> Array:
            return m / (np.sqrt(v) + ADAM_EPSILON)


class KeepsTheStepCountAlone(WithAdam):
    """`load_params` makes the moments anew, and the count is a variable that goes on."""

    def load_params(self, params: Params) -> None:
        count = getattr(self, "count", 0)
        super().load_params(params)
        self.adam.steps = self.count = count

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        losses = super().train_epoch(data, order, lr)
        self.count = self.adam.steps
        return losses

    adam_class = Adam


class KeepsTheMomentsAlone(Sound):
    """`load_params` sets the count to 0, and the moments stay."""

    def load_params(self, params: Params) -> None:
        kept = getattr(self, "adam", Adam())
        super().load_params(params)
        self.adam.m, self.adam.v = kept.m, kept.v


# --- training loops -------------------------------------------------------------------------------------------


class _AddsUpGradients(Sound):
    """The training loop alone never clears them; `loss_and_grads` does."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        losses = np.empty(len(order), np.float32)
        for step, indices in enumerate(order):
            losses[step], grads = self.exact_loss_and_grads(*self.read_batch(data, indices))
            self.sums = {name: grad + self.sums.get(name, 0) for name, grad in grads.items()}
            self.params = self.adam.step(self.params, self.sums, lr)
        return losses


class NeverClearsGradients(_AddsUpGradients):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sums: Params = {}


class ClearsGradientsWhenLoading(_AddsUpGradients):
    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.sums = {}


class ClearsGradientsOnceACall(_AddsUpGradients):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        self.sums = {}
        return super().train_epoch(data, order, lr)


class HoldsTheTensorsOfItsFirstLoad(Sound):
    """A step is captured with the parameters of the first `load_params`; later loads bring others, and are not seen."""

    captured: Params | None = None
    loads = 0

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.loads += 1

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        if self.captured is None:
            self.captured, self.captured_from = self.params, self.loads
        loaded, self.params = self.params, self.captured
        losses = super().train_epoch(data, order, lr)
        self.captured = self.params
        if self.loads != self.captured_from:
            self.params = loaded
        return losses


class OptimizerHoldsTheFirstModel(Sound):
    """The optimizer was made in the constructor, with the parameters of then."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        loaded = self.params
        losses = super().train_epoch(data, order, 0.0)
        self.params = loaded
        return losses


# --- losses ---------------------------------------------------------------------------------------------------


class LossesAreRunningMeans(Sound):
    """As the logs of Keras' fit: the mean over the epoch so far."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        losses = super().train_epoch(data, order, lr).astype(np.float64)
        return (losses.cumsum() / np.arange(1, len(losses) + 1)).astype(np.float32)


class LossesAreSmoothed(Sound):
    """As progress bars show them: nine parts of the last, one of the new."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        losses = super().train_epoch(data, order, lr)
        for step in range(1, len(losses)):
            losses[step] = 0.9 * losses[step - 1] + 0.1 * losses[step]
        return losses


class LossesAreReadAfterTheUpdate(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        losses = np.empty(len(order), np.float32)
        for step, indices in enumerate(order):
            super().train_epoch(data, indices[None], lr)
            losses[step] = self.exact_loss_and_grads(*self.read_batch(data, indices))[0]
        return losses


class EveryLossIsTheLastSteps(Sound):
    """A compiled step overwrites its output before it is read."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        losses = super().train_epoch(data, order, lr)
        return np.full_like(losses, losses[-1])


class LossesAreOneStepLate(Sound):
    """The step's output is read before it is written; the first one is read in time."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        losses = super().train_epoch(data, order, lr)
        return np.concatenate([losses[:1], losses[:-1]])


class _AnotherLoss(Sound):
    """Trains on another loss of the right log-probabilities; its gradients do not matter here."""

    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        _, grads = super().exact_loss_and_grads(images, labels)
        log_probs, a = network.forward(self.params, images, self.matmul)
        found = self.losses(log_probs.astype(np.float64), a["fc3"].astype(np.float64))
        return float(found[np.arange(len(labels)), labels].mean()), grads

    def losses(self, log_probs: Array, logits: Array) -> Array:
        """Of every class, (N, 10)."""
        raise NotImplementedError


class TakesLogitsForProbabilities(_AnotherLoss):
    """As Keras' cross-entropy with from_logits=False: divided by their sum, clipped, then the logarithm."""

    def losses(self, log_probs: Array, logits: Array) -> Array:
        return -np.log(np.clip(logits / logits.sum(axis=1, keepdims=True), 1e-7, 1 - 1e-7))


class TakesLogitsForLogProbabilities(_AnotherLoss):
    """As a negative log-likelihood without the log-softmax before it."""

    def losses(self, log_probs: Array, logits: Array) -> Array:
        return -logits


class TakesTheSoftmaxTwice(_AnotherLoss):
    """As PyTorch's CrossEntropyLoss after a softmax."""

    def losses(self, log_probs: Array, logits: Array) -> Array:
        return -network.log_softmax(np.exp(log_probs))


# --- forward and gradients ------------------------------------------------------------------------------------


class ClipsItsLogSoftmax(Patched):
    """At -64, as Paddle on a CPU."""

    @staticmethod
    def patches() -> dict[str, Any]:
        log_softmax = network.log_softmax
        return {"log_softmax": lambda x: np.maximum(log_softmax(x), -64)}


class ClipsItsProbabilities(Patched):
    """At 1e-7, as Keras' cross-entropy of probabilities."""

    @staticmethod
    def patches() -> dict[str, Any]:
        log_softmax = network.log_softmax
        return {"log_softmax": lambda x: np.log(np.maximum(np.exp(log_softmax(x)), x.dtype.type(1e-7)))}


class ReshapesForATranspose(Sound):
    """`loss_and_grads` brings images to channels last by a reshape, and `log_probs` by a transpose."""

    def loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        wrong = images.reshape(len(images), 32, 32, 3).transpose(0, 3, 1, 2)
        return super().loss_and_grads(np.ascontiguousarray(wrong), labels)


class SumsABiasInBFloat16(Sound):
    """A dense layer's bias gradient is summed in bfloat16: Keras' mixed_bfloat16 on TensorFlow and JAX."""

    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().exact_loss_and_grads(images, labels)
        sums: Any = 0
        for k in range(len(images)):
            one = super().exact_loss_and_grads(images[k : k + 1], labels[k : k + 1])[1]["fc3.bias"] / len(images)
            sums = bfloat16((sums + bfloat16(one.astype(np.float32))).astype(np.float32))
        return value, grads | {"fc3.bias": sums}
