"""The NumPy control trains the network that everything else trains."""

from __future__ import annotations

import numpy as np

from bench.worker.bare_loop_numpy import BareLoop
from impls.data.synthetic import synthetic_split
from impls.reference.network import backward, forward, loss
from impls.spec import PARAMETER_SHAPES, Params

LAYERS = ("conv1", "conv2", "fc1", "fc2", "fc3")
TRAIN = synthetic_split("train", 400)


def canonical(weights: list[np.ndarray], biases: list[np.ndarray]) -> Params:
    """The loop's arrays under canonical names and in canonical layouts, float64."""
    found: Params = {}
    for layer, weight, bias in zip(LAYERS, weights, biases, strict=True):
        shape = PARAMETER_SHAPES[f"{layer}.weight"]
        if len(shape) == 4:  # its windows are rows, columns, channels
            weight = weight.reshape(shape[0], 5, 5, shape[1]).transpose(0, 3, 1, 2)
        found[f"{layer}.weight"], found[f"{layer}.bias"] = weight.astype(np.float64), bias[:, 0].astype(np.float64)
    return found


def test_its_loss_and_gradients_are_the_oracles() -> None:
    loop = BareLoop(TRAIN.images, TRAIN.labels)
    images, labels = TRAIN.images[:100], TRAIN.labels[:100]
    params = canonical(loop.weights, loop.biases)
    log_probs, activations = forward(params, images)
    true = backward(params, activations, labels)
    value, grads = loop.loss_and_grads(images, labels)
    assert abs(value - loss(log_probs, labels)) < 1e-5
    for name, grad in canonical(grads[:5], grads[5:]).items():
        assert np.abs(grad - true[name]).max() < 1e-4 * np.abs(true[name]).max(), name


def test_it_learns() -> None:
    loop = BareLoop(TRAIN.images, TRAIN.labels)
    before, _ = loop.loss_and_grads(TRAIN.images, TRAIN.labels)
    for _ in range(4):
        assert loop.train(4) > 0
    after, _ = loop.loss_and_grads(TRAIN.images, TRAIN.labels)
    assert loop.steps == 16
    assert after < before
