"""What the hints rest on: with nothing changed, the mistaken network and optimizer are the oracle's."""

from __future__ import annotations

import numpy as np

from bench.parity import memory, mistakes
from bench.parity.mistakes.adam import _optimize
from bench.parity.mistakes.forward import _network
from bench.parity.sequence import Call
from impls.reference import network
from impls.reference.adam import Adam
from impls.reference.network import as_float64
from impls.spec import initial_params


def test_the_network_without_a_mistake_is_the_oracles() -> None:
    params, images = as_float64(initial_params(0)), np.random.default_rng(0).random((3, 3, 32, 32))
    _, true = network.forward(params, images)
    found = _network(params, images)
    assert found
    for name, value in found.items():
        np.testing.assert_allclose(value, true[name], rtol=0, atol=1e-14, err_msg=name)


def test_the_optimizer_without_a_mistake_is_the_oracles() -> None:
    params, rng = as_float64(initial_params(0)), np.random.default_rng(1)
    grads = [{name: rng.standard_normal(value.shape) for name, value in params.items()} for _ in range(2)]
    adam, true = Adam(), params
    for grad, lr in zip(grads, (0.01, 0.02), strict=True):
        true = adam.step(true, grad, lr)
    found = _optimize(params, grads, [0.01, 0.02])
    assert found
    for name, value in found.items():
        np.testing.assert_allclose(value, true[name], rtol=0, atol=1e-14, err_msg=name)


def test_every_mistake_is_one() -> None:
    """Each gives something else than the oracle, or it would explain nothing."""
    params, images = initial_params(0), 50 * np.random.default_rng(0).random((3, 3, 32, 32))  # activations above 6
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


def test_adams_memory_without_a_mistake_is_the_oracles() -> None:
    """Closed form and step by step: 30 steps on one gradient, 270 on another, and a real one."""
    early, late = np.random.default_rng(2).standard_normal((2, 5))
    grads = [{"": early}] * memory.EARLY + [{"": late}] * (memory.LATE + 1)
    rates = [0.0] * (len(grads) - 1) + [1.0]
    exact = memory.step(memory.after(memory.EARLY, memory.LATE + 1), early, late)
    np.testing.assert_allclose(_optimize({"": np.zeros(5)}, grads, rates)[""], exact, rtol=1e-12)
    resumed = _optimize({"": np.zeros(5)}, [{"": late}], [1.0], state=(70_000, early, early**2))[""]
    np.testing.assert_allclose(resumed, memory.step(memory.resumed(70_000), early, late), rtol=1e-12)


def test_every_mistake_of_memory_is_one() -> None:
    early, late = np.random.default_rng(3).standard_normal((2, 50))
    exact = memory.step(memory.after(memory.EARLY, memory.LATE + 1), early, late)
    late_counts = ("16 bits", "float16")  # show from counts in the thousands alone
    found = [
        (cause, step) for cause, step in mistakes.memory(early, late, None) if not any(n in cause for n in late_counts)
    ]
    assert len(found) > 6
    for cause, step in found:
        assert np.abs(step - exact).max() > 1e-4, cause


def test_calls_without_a_mistake_are_the_oracles() -> None:
    params, rng = as_float64(initial_params(0)), np.random.default_rng(4)
    images, labels = rng.random((8, 3, 32, 32)), rng.integers(0, 10, 8)
    calls = [
        Call(np.array([[0, 1, 2], [3, 4, 5]]), 1e-3),
        Call(np.array([[6, 7]]), 2e-3),
        Call(np.array([[1, 3, 5]]), 1e-3),
    ]

    def batch(indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return images[indices], labels[indices]

    adam, true = Adam(), params
    for call in calls:
        for indices in call.order:
            _, a = network.forward(true, images[indices])
            true = adam.step(true, network.backward(true, a, labels[indices]), call.lr)
    found = mistakes.trained(params, calls, batch)
    for name, value in found.items():
        np.testing.assert_allclose(value, true[name], rtol=0, atol=1e-14, err_msg=name)
    for cause, after in mistakes.between_calls(params, calls, batch):
        assert max(np.abs(after[name] - true[name]).max() for name in true) > 1e-6, cause
