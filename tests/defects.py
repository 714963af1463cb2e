"""Backends that compute something else, each a few lines over a sound one, each to be caught at its own rung."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from unittest.mock import patch

import numpy as np
from fakes import Sound

from impls import reference
from impls.adam_state import AdamState
from impls.data import Split
from impls.reference import Adam
from impls.rounding import MANTISSA_BITS, in_precision, rounded
from impls.spec import Params

Array = np.ndarray


# --- round trip, data -----------------------------------------------------------------------------------------


class RoundsParameters(Sound):
    def load_params(self, params: Params) -> None:
        super().load_params({name: value.astype(np.float16) for name, value in params.items()})


class _ChangesImages(Sound):
    change: ClassVar[Callable[[Array], Array]]

    def to_device(self, split: Split) -> Split:
        return Split(split.name, type(self).change(split.images), split.labels, split.fingerprint)


class SwapsRedAndBlue(_ChangesImages):
    change = staticmethod(lambda x: x[:, ::-1])


class DividesBy256(_ChangesImages):
    change = staticmethod(lambda x: x * np.float32(255 / 256))


class Normalises(_ChangesImages):
    change = staticmethod(lambda x: (x - np.float32(0.5)) / np.float32(0.25))


class StoresHalfPrecision(_ChangesImages):
    change = staticmethod(lambda x: x.astype(np.float16).astype(np.float32))


class RepeatsABatch(Sound):
    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.first: Array | None = None

    def read_batch(self, data: Split, indices: Array) -> tuple[Array, Array]:
        self.first = indices if self.first is None else self.first
        return super().read_batch(data, self.first)


# --- forward --------------------------------------------------------------------------------------------------


class _Patched(Sound):
    """Computes with some functions of the reference replaced."""

    @staticmethod
    def patches() -> dict[str, Any]:
        raise NotImplementedError

    def log_probs(self, images: Array) -> Array:
        with patch.multiple(reference, **self.patches()):
            return super().log_probs(images)

    def activations(self, images: Array) -> dict[str, Array]:
        with patch.multiple(reference, **self.patches()):
            return super().activations(images)

    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        with patch.multiple(reference, **self.patches()):
            return super().exact_loss_and_grads(images, labels)


class ReturnsLogits(Sound):
    def log_probs(self, images: Array) -> Array:
        return reference.forward(self.params, images)[1]["fc3"].astype(np.float32)


class TransposesImages(Sound):
    def log_probs(self, images: Array) -> Array:
        return super().log_probs(images.transpose(0, 1, 3, 2))

    def activations(self, images: Array) -> dict[str, Array]:
        return {}


class PadsSame(_Patched):
    """The first convolution's windows begin outside the image, as SAME padding has it."""

    @staticmethod
    def patches() -> dict[str, Any]:
        conv = reference.conv

        def same(x: Array, *args: Any) -> Array:
            padded = np.pad(x, ((0, 0), (0, 0), (2, 0), (2, 0)))[:, :, :32, :32]
            return conv(padded if x.shape[1] == 3 else x, *args)

        return {"conv": same}


class FlipsKernels(_Patched):
    @staticmethod
    def patches() -> dict[str, Any]:
        conv = reference.conv
        return {"conv": lambda x, weight, *args: conv(x, weight[..., ::-1, ::-1], *args)}


class MissesAReLU(_Patched):
    @staticmethod
    def patches() -> dict[str, Any]:
        relu = reference.relu
        return {"relu": lambda x: x if x.shape[-1] == 120 else relu(x)}


class AveragePools(_Patched):
    @staticmethod
    def patches() -> dict[str, Any]:
        pool = reference.max_pool
        return {"max_pool": lambda x: (reference.windows(x).mean(axis=-1), pool(x)[1])}


class FlattensChannelsLast(Sound):
    """Reads fc1's weights as if its inputs were flattened channels last."""

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        weight = self.params["fc1.weight"].reshape(120, 5, 5, 16)
        self.turned = self.params | {"fc1.weight": weight.transpose(0, 3, 1, 2).reshape(120, 400)}

    def log_probs(self, images: Array) -> Array:
        return reference.forward(self.turned, images)[0].astype(np.float32)

    def activations(self, images: Array) -> dict[str, Array]:
        return {"fc1": reference.forward(self.turned, images)[1]["fc1"].astype(np.float32)}


class GivesActivationsAfterReLU(Sound):
    def activations(self, images: Array) -> dict[str, Array]:
        return {name: np.maximum(value, 0) for name, value in super().activations(images).items()}


class GivesActivationsOfAnotherImage(Sound):
    def activations(self, images: Array) -> dict[str, Array]:
        return super().activations(images[::-1])


class NaiveLogSoftmax(_Patched):
    @staticmethod
    def patches() -> dict[str, Any]:
        def naive(x: Array) -> Array:
            with np.errstate(all="ignore"):
                return np.log(np.exp(x) / np.exp(x).sum(axis=1, keepdims=True))

        return {"log_softmax": naive}


class HalfPrecisionInside(Sound):
    def log_probs(self, images: Array) -> Array:
        half = {name: value.astype(np.float16) for name, value in self.params.items()}
        return reference.forward(half, images)[0].astype(np.float32)

    def activations(self, images: Array) -> dict[str, Array]:
        return {}


class UsesTF32(Sound):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.matmul = in_precision("tf32", np.matmul)


class UsesBFloat16(Sound):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.matmul = in_precision("bf16", np.matmul)


class KeepsDropoutAtEvaluation(Sound):
    rng = np.random.default_rng(0)

    def log_probs(self, images: Array) -> Array:
        return super().log_probs(images * self.rng.binomial(1, 0.9, images.shape).astype(np.float32))

    def activations(self, images: Array) -> dict[str, Array]:
        return {}


# --- loss, gradients ------------------------------------------------------------------------------------------


class SumsTheLoss(Sound):
    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().exact_loss_and_grads(images, labels)
        return value * len(labels), {name: grad * len(labels) for name, grad in grads.items()}


class DividesByTheUsualBatch(Sound):
    """The mean of a short batch is taken over as many images as a whole one has."""

    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().exact_loss_and_grads(images, labels)
        self.usual = getattr(self, "usual", len(labels))
        share = len(labels) / self.usual
        return value * share, {name: (grad * share).astype(grad.dtype) for name, grad in grads.items()}


class SmoothsLabels(Sound):
    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().exact_loss_and_grads(images, labels)
        return 0.9 * value - 0.1 * float(self.log_probs(images).mean()), grads


class SumsTheGradient(Sound):
    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().exact_loss_and_grads(images, labels)
        return value, {name: grad * len(labels) for name, grad in grads.items()}


class _ChangesGradients(Sound):
    def change(self, grads: Params) -> Params:
        raise NotImplementedError

    def loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().loss_and_grads(images, labels)
        return value, self.change(grads)


class ExportsGradientsChannelsLast(_ChangesGradients):
    """Right going forward, wrong in what it reports of fc1's gradient."""

    def change(self, grads: Params) -> Params:
        turned = grads["fc1.weight"].reshape(120, 16, 25).transpose(0, 2, 1).reshape(120, 400)
        return grads | {"fc1.weight": turned.copy()}


class AddsUpGradients(_ChangesGradients):
    """Nobody sets them to zero."""

    sums: Params | None = None

    def change(self, grads: Params) -> Params:
        self.sums = grads if self.sums is None else {name: grad + self.sums[name] for name, grad in grads.items()}
        return self.sums


class DetachesABias(_ChangesGradients):
    def change(self, grads: Params) -> Params:
        return grads | {"conv2.bias": np.zeros_like(grads["conv2.bias"])}


class SendsTiesToTheLast(_Patched):
    @staticmethod
    def patches() -> dict[str, Any]:
        pool = reference.max_pool
        return {"max_pool": lambda x: (pool(x)[0], 3 - reference.windows(x)[..., ::-1].argmax(axis=-1))}


class SplitsTies(_Patched):
    @staticmethod
    def patches() -> dict[str, Any]:
        def share(x: Array) -> tuple[Array, Array]:
            cells = reference.windows(x)
            tied = cells == cells.max(axis=-1, keepdims=True)
            return cells.max(axis=-1), tied / tied.sum(axis=-1, keepdims=True)

        def backward(d: Array, shares: Array) -> Array:
            n, c, h, w = d.shape
            cells = (d[..., None] * shares).astype(d.dtype).reshape(n, c, h, w, 2, 2)
            return cells.transpose(0, 1, 2, 4, 3, 5).reshape(n, c, 2 * h, 2 * w)

        return {"max_pool": share, "max_pool_backward": backward}


class HalvesTheGradientAtZero(Sound):
    """The derivative of max(x, 0) at 0 as some frameworks have it."""

    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        log_probs, a = reference.forward(self.params, images)
        above = {
            name: np.where(value == 0, np.float32(1e-30), value) if name.startswith(("conv", "fc")) else value
            for name, value in a.items()
        }
        both = [reference.backward(self.params, each, labels) for each in (a, above)]
        return reference.loss(log_probs, labels), {name: (both[0][name] + both[1][name]) / 2 for name in both[0]}


# --- optimizer ------------------------------------------------------------------------------------------------


class _WithAdam(Sound):
    adam_class: ClassVar[type[Adam]]

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.adam = self.adam_class()


class EpsilonInsideTheRoot(_WithAdam):
    class adam_class(Adam):  # noqa: N801
        def step(self, params: Params, grads: Params, lr: float) -> Params:
            super().step(params, grads, lr)
            root = {n: np.sqrt(self.v[n] / (1 - 0.999**self.steps) + 1e-8) for n in params}
            m_hat = {n: self.m[n] / (1 - 0.9**self.steps) for n in params}
            return {n: (p - lr * m_hat[n] / root[n]).astype(p.dtype) for n, p in params.items()}


class NoBiasCorrection(_WithAdam):
    class adam_class(Adam):  # noqa: N801
        def step(self, params: Params, grads: Params, lr: float) -> Params:
            super().step(params, grads, lr)
            return {n: (p - lr * self.m[n] / (np.sqrt(self.v[n]) + 1e-8)).astype(p.dtype) for n, p in params.items()}


class WeightDecay(_WithAdam):
    class adam_class(Adam):  # noqa: N801
        def step(self, params: Params, grads: Params, lr: float) -> Params:
            after = super().step(params, grads, lr)
            return {n: (value - lr * 0.01 * params[n]).astype(value.dtype) for n, value in after.items()}


class DecaysALittle(_WithAdam):
    class adam_class(Adam):  # noqa: N801
        def step(self, params: Params, grads: Params, lr: float) -> Params:
            after = super().step(params, grads, lr)
            return {n: (value - lr * 1e-4 * params[n]).astype(value.dtype) for n, value in after.items()}


class ClipsGradients(_WithAdam):
    class adam_class(Adam):  # noqa: N801
        def step(self, params: Params, grads: Params, lr: float) -> Params:
            norm = np.sqrt(sum(float((grad.astype(np.float64) ** 2).sum()) for grad in grads.values()))
            return super().step(params, {n: grad * grad.dtype.type(min(1, 1 / norm)) for n, grad in grads.items()}, lr)


class _PatchedRecipe(Sound):
    change: ClassVar[dict[str, float]]

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        with patch.multiple(reference, **self.change):
            return super().train_epoch(data, order, lr)


class WrongBeta(_PatchedRecipe):
    change: ClassVar[dict[str, float]] = {"ADAM_BETA2": 0.99}


class EpsilonOfKeras(_PatchedRecipe):
    change: ClassVar[dict[str, float]] = {"ADAM_EPSILON": 1e-7}


class IgnoresTheLearningRate(Sound):
    """Keeps the first rate it is ever given."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        self.rate = getattr(self, "rate", lr)
        return super().train_epoch(data, order, self.rate)


class KeepsTheFirstEpochsRate(Sound):
    """As a schedule that is never advanced."""

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.rate: float | None = None

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        self.rate = lr if self.rate is None else self.rate
        return super().train_epoch(data, order, self.rate)


class TenPercentFaster(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        return super().train_epoch(data, order, 1.1 * lr)


class FreezesABias(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        bias = self.params["conv1.bias"].copy()
        losses = super().train_epoch(data, order, lr)
        self.params["conv1.bias"] = bias
        return losses


class KeepsTheOptimizer(Sound):
    """`load_params` forgets to reset the moments."""

    def load_params(self, params: Params) -> None:
        adam = getattr(self, "adam", None)
        super().load_params(params)
        self.adam = adam or self.adam


class ForgetsTheMoments(Sound):
    """A fresh optimizer every epoch."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        self.adam = Adam()
        return super().train_epoch(data, order, lr)


class LosesTheStepCount(Sound):
    def load_optimizer(self, state: AdamState) -> None:
        super().load_optimizer(AdamState(0, state.first, state.second))


class LosesTheFirstMoment(Sound):
    def export_optimizer(self) -> AdamState:
        state = super().export_optimizer()
        return AdamState(state.steps, AdamState.fresh().first, state.second)


class TakesNoOptimizer(Sound):
    def load_optimizer(self, state: AdamState) -> None:
        pass


class ExportsStaleParameters(Sound):
    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.loaded = super().export_params()

    def export_params(self) -> Params:
        return self.loaded


class ExportsItsOwnMemory(Sound):
    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.exported = super().export_params()

    def export_params(self) -> Params:
        return self.exported

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        losses = super().train_epoch(data, order, lr)
        for name, value in self.params.items():
            self.exported[name][...] = value
        return losses


class DropsTheLastBatch(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        losses = super().train_epoch(data, order[:-1], lr)
        return np.append(losses, self.exact_loss_and_grads(*self.read_batch(data, order[-1]))[0]).astype(np.float32)


# --- trajectory, prediction, accuracy -------------------------------------------------------------------------


class ShufflesByItself(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        mixed = np.random.default_rng(0).permutation(order.ravel()).reshape(order.shape)
        return super().train_epoch(data, order if len(order) == 1 else mixed, lr)


class TrainsOnABatchTwice(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        again = order.copy()
        again[2:] = order[1:-1] if len(order) > 2 else order[2:]
        return super().train_epoch(data, again, lr)


class WrapsItsStepCounter(Sound):
    """After four steps it begins at the first batch again, as a counter of too few bits would."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        return super().train_epoch(data, order[np.arange(len(order)) % 4], lr)


class SpoilsEverySecondRun(Sound):
    runs = 0

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        SpoilsEverySecondRun.runs += len(order) > 1 and lr > 0
        late = self.runs > 1 and len(order) > 1
        return super().train_epoch(data, order, 2 * lr if late else lr)


class ForgetsTheMomentsWithinAnEpoch(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        half = len(order) // 2
        first = super().train_epoch(data, order[:half], lr)
        self.adam = Adam() if half else self.adam
        return np.concatenate([first, super().train_epoch(data, order[half:], lr)])


class PredictsTheRunnerUp(Sound):
    def predict(self, data: Any) -> Array:
        return np.argsort(reference.forward(self.params, data.images)[0], axis=1)[:, -2]


class PredictsTheTrainingSplit(Sound):
    """Counts its accuracy on images that it was trained on."""

    def to_device(self, split: Split) -> Split:
        self.train = split if split.name == "train" else self.train
        return split

    def predict(self, data: Any) -> Array:
        return super().predict(self.train.head(len(data)))


class PredictsWithNoise(Sound):
    rng = np.random.default_rng(0)

    def predict(self, data: Any) -> Array:
        log_probs = reference.forward(self.params, data.images)[0]
        return (log_probs + self.rng.normal(0, 0.05, log_probs.shape)).argmax(axis=1)


class PredictsWithLoadedParameters(Sound):
    """Keeps the parameters that it evaluates apart from those that it trains."""

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.loaded = dict(self.params)

    def predict(self, data: Any) -> Array:
        trained, self.params = self.params, self.loaded
        classes = super().predict(data)
        self.params = trained
        return classes


class ForgetsTheLastImages(Sound):
    """Those that do not fill a batch of 50."""

    def predict(self, data: Any) -> Array:
        classes = super().predict(data)
        classes[len(classes) // 50 * 50 :] = 0
        return classes


class StopsTraining(Sound):
    """After the first epoch, in a way that no single epoch shows."""

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.whole = 0

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        self.whole += order.size == len(data)
        return super().train_epoch(data, order, lr if self.whole < 2 else 0.0)


# --- bf16, where all but the layers is float32 ----------------------------------------------------------------


def _bfloat16(x: Array) -> Array:
    return rounded(x, MANTISSA_BITS["bf16"])


class KeepsParametersInBFloat16(Sound):
    def load_params(self, params: Params) -> None:
        super().load_params({name: _bfloat16(value) for name, value in params.items()})


class StepsInBFloat16(_WithAdam):
    """Parameters are float32 until the first step."""

    class adam_class(Adam):  # noqa: N801
        def step(self, params: Params, grads: Params, lr: float) -> Params:
            return {n: _bfloat16(value) for n, value in super().step(params, grads, lr).items()}


class LogSoftmaxInBFloat16(_Patched):
    @staticmethod
    def patches() -> dict[str, Any]:
        log_softmax = reference.log_softmax
        return {"log_softmax": lambda x: _bfloat16(log_softmax(x))}


class LossInBFloat16(Sound):
    def exact_loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().exact_loss_and_grads(images, labels)
        return float(_bfloat16(np.array([value]))[0]), grads


class TrainsOnALossInBFloat16(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        return _bfloat16(super().train_epoch(data, order, lr))
