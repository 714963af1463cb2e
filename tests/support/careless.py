"""Ten backends as a careless author writes them: right on one batch, wrong late, rarely or on another path."""

from __future__ import annotations

from typing import Any

import numpy as np

from impls.data import Split
from impls.reference.adam import Adam
from impls.reference.backend import Reference
from impls.reference.network import backward, forward, loss
from impls.spec import Params

Array = np.ndarray


class IndicesInInt16(Reference):
    """The order is narrowed to int16 to save a transfer: of CIFAR-10's 50,000 images, 32,768 and up are mistaken.

    Happens in hand-written CUDA loaders; a third of the images are replaced by others, unseen on small splits.
    """

    def train_epoch(self, data: Split, order: Array, lr: float) -> Array:
        return super().train_epoch(data, order.astype(np.int16), lr)


class RemainderOfChunksDropped(Reference):
    """An epoch of over 64 steps is run in chunks of 64, and the steps that are left over are not trained.

    Happens with jax.lax.scan over chunks; of 500 steps 52 are lost, and their losses repeat the last one.
    """

    def train_epoch(self, data: Split, order: Array, lr: float) -> Array:
        whole = len(order) if len(order) <= 64 else len(order) // 64 * 64
        losses = super().train_epoch(data, order[:whole], lr)
        return np.concatenate([losses, np.full(len(order) - whole, losses[-1], np.float32)])


class NewOptimizerForANewRate(Reference):
    """Another learning rate makes another optimizer, without the moments of the last.

    Happens in PyTorch and Keras loops that build Adam anew when they halve the rate; some steps are too large.
    """

    last_rate: float | None = None

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.last_rate = None

    def train_epoch(self, data: Split, order: Array, lr: float) -> Array:
        if self.last_rate not in (None, lr):
            self.adam = Adam()
        self.last_rate = lr
        return super().train_epoch(data, order, lr)


class RateInFloat16(Reference):
    """The learning rate is handed on in float16, as everything else of a mixed-precision step.

    Happens in JAX with a half-precision default; 1e-4 is wrong by 0.01 %, the same halved nine times by 8 %.
    """

    def train_epoch(self, data: Split, order: Array, lr: float) -> Array:
        return super().train_epoch(data, order, float(np.float16(lr)))


class ParametersHalvedByEvaluation(Reference):
    """Prediction turns the model to float16 in place and back, so that each evaluation rounds the parameters.

    Happens with PyTorch's model.half(), which changes the model itself; up to 0.05 % of each parameter.
    """

    def predict(self, data: Any) -> Array:
        self.params = {name: p.astype(np.float16).astype(self.dtype) for name, p in self.params.items()}
        return super().predict(data)


class PredictionsKeptByStep(Reference):
    """Predictions are memoised by split and step count; parameters loaded later have the same counts.

    Happens with functools.cache on an evaluation; a second seed in the process gets the first one's accuracy.
    """

    kept: dict[tuple[int, int], Array] | None = None

    def predict(self, data: Any) -> Array:
        self.kept = {} if self.kept is None else self.kept
        key = (id(data), self.adam.steps)
        if key not in self.kept:
            self.kept[key] = super().predict(data)
        return self.kept[key].copy()


class ProbabilitiesClippedInTraining(Reference):
    """In training, probabilities are clipped at 1e-7, so that an image that is very wrong has no gradient.

    Happens with Keras' cross-entropy of probabilities; nothing at first, then the worst images are ignored.
    """

    def train_epoch(self, data: Split, order: Array, lr: float) -> Array:
        losses = np.empty(len(order), np.float32)
        for step, indices in enumerate(order):
            images, labels = self.read_batch(data, indices)
            log_probs, a = forward(self.params, images, self.matmul)
            losses[step] = loss(np.maximum(log_probs, np.log(1e-7)), labels, self.sum_loss)
            seen = log_probs[np.arange(len(labels)), labels] > np.log(1e-7)
            if seen.any():
                _, a = forward(self.params, images[seen], self.matmul)
                grads = backward(self.params, a, labels[seen], self.matmul)
                grads = {name: g * seen.mean() for name, g in grads.items()}
            else:
                grads = {name: np.zeros_like(p) for name, p in self.params.items()}
            self.params = self.adam.step(self.params, grads, lr)
        return losses


class DecayOfOptaxAdamW(Reference):
    """Decays the weights by 1e-4 of the rate in each step: adamw taken for adam.

    Happens with optax.adamw, whose default that is; 1e-8 of a weight a step at a rate of 1e-4, hardly anything.
    """

    def train_epoch(self, data: Split, order: Array, lr: float) -> Array:
        losses = []
        for row in order:
            before = self.params
            losses.append(super().train_epoch(data, row[None], lr))
            self.params = {name: p - lr * 1e-4 * before[name] for name, p in self.params.items()}
        return np.concatenate(losses)


class MicrobatchesWeighedEqually(Reference):
    """Batches of over 128 are trained in parts of 128 whose means are averaged, the short last one as much.

    Happens with gradient accumulation in PyTorch; of 200 images the last 72 count almost twice.
    """

    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        cuts = range(0, len(images), 128)
        parts = [
            super(MicrobatchesWeighedEqually, self).exact_loss_and_grads(images[c : c + 128], labels[c : c + 128])
            for c in cuts
        ]
        grads = {name: sum(g[name] for _, g in parts) / len(parts) for name in self.params}
        return sum(value for value, _ in parts) / len(parts), grads


class StepSkippedOnOverflow(Reference):
    """A step whose gradient times 65,536 is no float16 is skipped, and the scale is never lowered.

    Happens with PyTorch's GradScaler where update() is forgotten; rare at first, every gradient above 1 later.
    """

    def train_epoch(self, data: Split, order: Array, lr: float) -> Array:
        losses = np.empty(len(order), np.float32)
        for step, indices in enumerate(order):
            losses[step], grads = self.exact_loss_and_grads(*self.read_batch(data, indices))
            if max(float(np.abs(g).max()) for g in grads.values()) * 65536 <= 65504:
                self.params = self.adam.step(self.params, grads, lr)
        return losses
