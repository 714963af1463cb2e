"""What the hints rest on: with nothing changed, the mistaken network and optimizer are the oracle's."""

from __future__ import annotations

import numpy as np

from bench.parity import mistakes
from impls import reference
from impls.initial import initial_params
from impls.reference import Adam, as_float64


def test_the_network_without_a_mistake_is_the_oracles() -> None:
    params, images = as_float64(initial_params(0)), np.random.default_rng(0).random((3, 3, 32, 32))
    _, true = reference.forward(params, images)
    for name, value in mistakes._network(params, images).items():
        np.testing.assert_allclose(value, true[name], rtol=0, atol=1e-14, err_msg=name)


def test_the_optimizer_without_a_mistake_is_the_oracles() -> None:
    params, rng = as_float64(initial_params(0)), np.random.default_rng(1)
    grads = [{name: rng.standard_normal(value.shape) for name, value in params.items()} for _ in range(2)]
    adam, true = Adam(), params
    for grad, lr in zip(grads, (0.01, 0.02), strict=True):
        true = adam.step(true, grad, lr)
    for name, value in mistakes._optimize(params, grads, [0.01, 0.02]).items():
        np.testing.assert_allclose(value, true[name], rtol=0, atol=1e-14, err_msg=name)


def test_every_mistake_is_one() -> None:
    """Each gives something else than the oracle, or it would explain nothing."""
    params, images = initial_params(0), np.random.default_rng(0).random((3, 3, 32, 32))
    true, _ = reference.forward(as_float64(params), images)
    for cause, a in mistakes.forward(params, images):
        assert np.abs(a["log_probs"] - true).max() > 1e-5, cause


def test_an_error_that_no_mistake_explains_has_no_cause() -> None:
    true = np.arange(5.0)
    noise = true + np.random.default_rng(0).normal(0, 0.1, 5)
    assert mistakes.matching(noise, true, [("doubled", 2 * true)]) == []
    assert mistakes.matching(2 * true, true, [("doubled", 2 * true), ("tripled", 3 * true)]) == ["doubled"]
