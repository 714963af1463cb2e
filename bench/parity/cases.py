"""Forward and backward passes with known answers: ordinary batches, and inputs that trip programs up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

import numpy as np

from bench.parity import noise
from bench.parity.decisive import decisive, relus_decided
from impls.data import Split
from impls.errors import LenetError
from impls.reference import network
from impls.spec import ACTIVATION_SHAPES, CLASSES, IMAGE_SHAPE, Params, initial_params

SHORT = 37
"""Images of a batch that is shorter than the others; it divides nothing."""

SUMS = 16
"""Orders in which each evaluation's loss is summed: it is one sum of few terms, whose error varies with the order."""

EXTREME = 1000.0
"""Largest logit of the case of that name; exp overflows float32 at 88."""

ORDINARY = "first batch", "second batch", "short batch"
"""Cases of ordinary images under the initial parameters."""

TIED, ZERO = "tied maxima", "zero pre-activations"
HARDLY_MATTER = {TIED: "tied maxima", ZERO: "ReLUs of exactly 0"}
"""Cases that are planted, and what they are about: on images such a tie, of another number than 0, is a rarity."""

LARGE = 100.0
"""Every hidden layer has a larger activation than this in the case of large ones. After 100 epochs they reach 17."""


@dataclass(frozen=True)
class Case:
    """One forward and backward pass: what goes in, what must come out, and how closely.

    Attributes:
        name: what reports call it.
        params: canonical parameters, float32.
        indices: (N,) of its images in the training split; None where they are made up.
        images: (N, 3, 32, 32) float32.
        labels: (N,) int64.
        activations: by name, float64, `impls.spec.ACTIVATION_SHAPES`.
        log_probs: (N, 10) float64.
        loss: mean negative log-likelihood.
        grads: canonical gradients, float64.
        tolerance: by quantity ("log_probs", "loss", an activation's or parameter's name), for
            `noise.relative_error`.
    """

    name: str
    params: Params
    indices: np.ndarray | None
    images: np.ndarray
    labels: np.ndarray
    activations: dict[str, np.ndarray]
    log_probs: np.ndarray
    loss: float
    grads: Params
    tolerance: dict[str, float]


class Pair(NamedTuple):
    """Two batches of one size under the same parameters."""

    before: Case
    after: Case


class Passes(NamedTuple):
    """All passes of a data set.

    Attributes:
        cases: ordinary and special ones; the first three share their parameters and no image.
        in_training: pairs of batches of one size and the same special parameters, no image in both. The step after a
            first batch at rate 0 shows the gradients of both.
        early: one image under the initial parameters.
        late: another one, with other gradients.
    """

    cases: list[Case]
    in_training: dict[str, Pair]
    early: Case
    late: Case


def build(train: Split, epoch: np.ndarray, params: Params, trained: Params, *, seed: int, precision: str) -> Passes:
    """Every forward and backward pass that the ladder needs.

    Args:
        train: the training split.
        epoch: (steps, batch) int64, the first epoch's order.
        params: canonical initial parameters.
        trained: parameters after some steps.
        seed: of ``params``.
        precision: whose noise makes the tolerances.
    """
    candidates = epoch.ravel()[: 10 * epoch.shape[1]]
    start = decisive(params, train, candidates)
    n = min(epoch.shape[1], (len(start) - SHORT) // 2)
    if n < 2:
        raise LenetError(f"Of {len(train)} training images too few are clear enough to compare gradients on; use more.")
    short = start[2 * n : 2 * n + SHORT]
    extreme = _extreme(params, train, short)
    log_probs, _ = network.forward(extreme, train.images[short])
    wrong = short[log_probs.argmax(axis=1) != train.labels[short]]  # a class that is right is so beyond all doubt,
    wrong = wrong if len(wrong) else short[:1]  # and has no gradient
    by_clearness = _by_clearness(params, train, start)
    alone, other = (_from_split("batch of one", params, train, by_clearness[[k]], precision) for k in (0, 1))
    special = {"after some steps": trained, TIED: _tied(params), ZERO: _zero(params)}
    pairs = {n: _pair(n, own, train, decisive(own, train, candidates), precision) for n, own in special.items()}
    large = _large(params, train, short)  # rounding errors grow with the activations, so what is decisive stays so
    pairs["large activations"] = _pair("large activations", large, train, start, precision)
    cases = [
        _from_split(ORDINARY[0], params, train, start[:n], precision),
        _from_split(ORDINARY[1], params, train, start[n : 2 * n], precision),
        _from_split(ORDINARY[2], params, train, short, precision),
        alone,
        *(first for first, _ in pairs.values()),
        _from_split("extreme logits", extreme, train, short, precision),
        _from_split("one extreme image", extreme, train, _by_clearness(extreme, train, wrong)[:1], precision),
    ]
    rng = np.random.default_rng(seed)
    for name, images in (
        ("constant images", np.broadcast_to(rng.random((4, 3, 1, 1)), (4, *IMAGE_SHAPE))),
        ("all zero", np.zeros((4, *IMAGE_SHAPE))),
        ("all one", np.ones((4, *IMAGE_SHAPE))),
    ):
        cases.append(_made_up(name, images.astype(np.float32), seed, precision))
    return Passes(cases, pairs, early=other, late=alone)


def _pair(name: str, params: Params, train: Split, clear: np.ndarray, precision: str) -> Pair:
    """Two batches of one size under the same parameters, from images that are decisive."""
    size = min(SHORT, len(clear) // 2)
    if not size:
        raise LenetError(f"Of {len(train)} training images too few are clear enough for the case '{name}'; use more.")
    batches = clear[:size], clear[size : 2 * size]
    return Pair(*(_from_split(name, params, train, batch, precision) for batch in batches))


def _from_split(name: str, params: Params, train: Split, indices: np.ndarray, precision: str) -> Case:
    return make(name, params, indices, train.images[indices], train.labels[indices], precision)


def _made_up(name: str, images: np.ndarray, seed: int, precision: str) -> Case:
    """A case of images that are constant within each channel, under the first initial parameters that suit it.

    Such images tie in every window, up to rounding, but the patches that tie are equal, so that the gradient is
    the same whichever is chosen; only a ReLU may hang on a rounding error.
    """

    def suits(params: Params) -> bool:
        _, a = network.forward(network.as_float64(params), images)
        return bool(relus_decided(a).all())

    params = next(filter(suits, map(initial_params, count(seed))))
    return make(name, params, None, images, np.arange(len(images)) % CLASSES, precision)


def _tied(params: Params) -> Params:
    """Parameters under which one channel of each convolution is constant, so that all its windows tie.

    The tie is exact in any arithmetic (a sum of zeros plus the bias), and the tied pixels differ, so that
    the kernel's gradient shows which of them was chosen.
    """
    tied = {name: value.copy() for name, value in params.items()}
    for layer in ("conv1", "conv2"):
        tied[f"{layer}.weight"][0] = 0
        tied[f"{layer}.bias"][0] = 0.5
    return tied


def _zero(params: Params) -> Params:
    """Parameters under which one unit of every hidden layer gives its ReLU exactly 0, where the derivative is 0."""
    zero = {name: value.copy() for name, value in params.items()}
    for layer in ("conv1", "conv2", "fc1", "fc2"):
        zero[f"{layer}.weight"][0] = 0
        zero[f"{layer}.bias"][0] = 0
    return zero


def _extreme(params: Params, train: Split, indices: np.ndarray) -> Params:
    """Parameters under which the largest logit is near `EXTREME`."""
    _, a = network.forward(params, train.images[indices])
    factor = np.float32(EXTREME / np.abs(a["fc3"]).max())
    return {name: value * factor if name.startswith("fc3") else value for name, value in params.items()}


def _large(params: Params, train: Split, indices: np.ndarray) -> Params:
    """Parameters under which every hidden layer has an activation above `LARGE`, and logits are as before.

    All activations are multiplied by one power of 2, which changes no digit of them: ReLU and pooling allow it.
    """
    _, a = network.forward(params, train.images[indices])
    least = min(float(a[layer].max()) for layer in ("conv1", "conv2", "fc1", "fc2"))
    factor = np.float32(2.0 ** math.ceil(math.log2(LARGE / least)))
    scaled = ("conv1.weight", "conv1.bias", "conv2.bias", "fc1.bias", "fc2.bias")
    larger = {name: params[name] * factor for name in scaled}
    return params | larger | {"fc3.weight": params["fc3.weight"] / factor}


def _by_clearness(params: Params, train: Split, candidates: np.ndarray) -> np.ndarray:
    """The ``candidates``, those first whose linear layers' ReLUs are farthest from 0.

    Alone in a batch, a unit that another rounding turns on or off is a large part of the gradient, and in TF32
    or bfloat16 most images have such a unit.
    """
    _, a = network.forward(params, train.images[candidates])
    margin = np.abs(np.concatenate([a["fc1"], a["fc2"]], axis=1)).min(axis=1)
    return candidates[np.argsort(-margin, kind="stable")]


def in_float32(case: Case) -> Case:
    """The same pass, with float32's tolerances."""
    return make(case.name, case.params, case.indices, case.images, case.labels, "fp32")


def make(
    name: str, params: Params, indices: np.ndarray | None, images: np.ndarray, labels: np.ndarray, precision: str
) -> Case:
    """A case from what goes into it, as `Case` describes it, with tolerances made of a precision's noise."""
    exact = network.as_float64(params)
    log_probs, a = network.forward(exact, images)
    loss = network.loss(log_probs, labels)
    true = {layer: a[layer] for layer in ACTIVATION_SHAPES} | {"log_probs": log_probs}
    grads = network.backward(exact, a, labels)

    worst = dict.fromkeys((*true, *grads), noise.half_ulp(precision))
    # Log-probabilities that are each off by that much leave their mean off by less.
    worst["loss"] = max(noise.half_ulp("fp32"), noise.half_ulp(precision) / math.sqrt(len(labels)))
    rng = np.random.default_rng(0)
    for program, matmul in noise.programs(params, precision, seed=0):
        log_probs32, a = network.forward(program, images, matmul)
        errors = {key: noise.relative_error(a[key], value) for key, value in true.items()}
        # Whatever the precision of products, a loss is summed in float32, in any order.
        sums = [network.loss(log_probs32, labels, noise.sequential_matmul(rng)) for _ in range(SUMS)]
        errors["loss"] = max(abs(value / loss - 1) for value in sums)
        for key, grad in network.backward(program, a, labels, matmul).items():
            errors[key] = noise.relative_error(grad, grads[key])
        worst = {key: max(worst[key], errors[key]) for key in worst}
    tolerance = {key: noise.SAFETY * value for key, value in worst.items()}
    true.pop("log_probs")
    return Case(name, params, indices, images, labels, true, log_probs, loss, grads, tolerance)
