"""What the hints rest on: with nothing changed, the mistaken network and optimizer are the oracle's."""

from __future__ import annotations

import numpy as np

from bench.parity import mistakes
from impls.reference import network
from impls.reference.adam import Adam
from impls.reference.network import as_float64
from impls.spec import initial_params


def test_the_network_without_a_mistake_is_the_oracles() -> None:
    params, images = as_float64(initial_params(0)), np.random.default_rng(0).random((3, 3, 32, 32))
    _, true = network.forward(params, images)
    found = mistakes._network(params, images)
    assert found
    for name, value in found.items():
        np.testing.assert_allclose(value, true[name], rtol=0, atol=1e-14, err_msg=name)


def test_the_optimizer_without_a_mistake_is_the_oracles() -> None:
    params, rng = as_float64(initial_params(0)), np.random.default_rng(1)
    grads = [{name: rng.standard_normal(value.shape) for name, value in params.items()} for _ in range(2)]
    adam, true = Adam(), params
    for grad, lr in zip(grads, (0.01, 0.02), strict=True):
        true = adam.step(true, grad, lr)
    found = mistakes._optimize(params, grads, [0.01, 0.02])
    assert found
    for name, value in found.items():
        np.testing.assert_allclose(value, true[name], rtol=0, atol=1e-14, err_msg=name)


def test_every_mistake_is_one() -> None:
    """Each gives something else than the oracle, or it would explain nothing."""
    params, images = initial_params(0), np.random.default_rng(0).random((3, 3, 32, 32))
    true, _ = network.forward(as_float64(params), images)
    found = list(mistakes.forward(params, images))
    assert found
    for cause, a in found:
        assert np.abs(a["log_probs"] - true).max() > 1e-5, cause


def test_an_error_that_no_mistake_explains_has_no_cause() -> None:
    true = np.arange(5.0)
    noise = true + np.random.default_rng(0).normal(0, 0.1, 5)
    assert mistakes.matching(noise, true, [("doubled", 2 * true)]) == []
    assert mistakes.matching(2 * true, true, [("doubled", 2 * true), ("tripled", 3 * true)]) == ["doubled"]
