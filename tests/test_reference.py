"""The oracle against mathematics: hand-worked cases, and central differences on every parameter."""

import numpy as np
import pytest

from bench.parity.noise import sequential_matmul
from impls import reference
from impls.initial import initial_params
from impls.reference import Adam, conv, log_softmax, max_pool, max_pool_backward
from impls.spec import PARAMETER_SHAPES, Params


def test_convolution_is_a_valid_cross_correlation() -> None:
    """A kernel that is 1 in one place picks that pixel of each window."""
    x = np.arange(2 * 6 * 7, dtype=float).reshape(1, 2, 6, 7)
    weight = np.zeros((1, 2, 5, 5))
    weight[0, 1, 0, 3] = 1
    out = conv(x, weight, np.array([10.0]), np.matmul)
    np.testing.assert_array_equal(out[0, 0], x[0, 1, 0:2, 3:6] + 10)


def test_max_pool_sends_a_ties_gradient_to_the_first_in_row_major_order() -> None:
    x = np.array([[[[1.0, 5.0], [5.0, 5.0]]]])
    pooled, winner = max_pool(x)
    assert pooled.tolist() == [[[[5.0]]]]
    assert max_pool_backward(np.array([[[[3.0]]]]), winner).tolist() == [[[[0.0, 3.0], [0.0, 0.0]]]]


def test_max_pool_halves_what_it_should() -> None:
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    assert max_pool(x)[0].tolist() == [[[[5, 7], [13, 15]]]]


def test_log_softmax_by_hand_and_without_overflow() -> None:
    np.testing.assert_allclose(log_softmax(np.array([[0.0, np.log(3.0)]])), np.log([[0.25, 0.75]]))
    assert log_softmax(np.array([[1000.0, 0.0]])).tolist() == [[0.0, -1000.0]]


def test_loss_is_the_mean_and_not_the_sum() -> None:
    assert reference.loss(np.log([[0.25, 0.75], [0.5, 0.5]]), np.array([0, 1])) == pytest.approx(np.log(8) / 2)


def test_flatten_is_channel_major() -> None:
    params = initial_params(0)
    _, a = reference.forward(params, np.random.default_rng(0).random((1, 3, 32, 32)))
    assert a["flat"][0, 2 * 25 + 3 * 5 + 4] == a["pool2"][0, 2, 3, 4]


def test_adam_by_hand() -> None:
    """Two steps of one parameter with gradients 2 and -1, worked out from the paper's algorithm 1."""
    adam, p = Adam(), {"p": np.array([1.0])}
    p = adam.step(p, {"p": np.array([2.0])}, lr=0.1)
    assert p["p"][0] == pytest.approx(1 - 0.1 * 2 / (2 + 1e-8), abs=1e-15)
    before = p["p"][0]
    p = adam.step(p, {"p": np.array([-1.0])}, lr=0.01)
    m_hat = (0.9 * 0.2 + 0.1 * -1) / (1 - 0.81)
    v_hat = (0.999 * 0.004 + 0.001 * 1) / (1 - 0.998001)
    assert p["p"][0] == pytest.approx(before - 0.01 * m_hat / (np.sqrt(v_hat) + 1e-8), abs=1e-15)


def test_sequential_products_add_one_term_after_another() -> None:
    """In float32, 2**24 + 1 + 1 ... stays at 2**24 if every 1 is added by itself, and grows if they meet first."""
    terms = np.ones((1, 5000), np.float32)
    terms[0, 0] = 2**24

    class InOrder:
        permutation = staticmethod(np.arange)

    product = sequential_matmul(InOrder())(terms, np.ones((5000, 2), np.float32))  # type: ignore[arg-type]
    assert (product == 2**24).all()


@pytest.mark.parametrize("name", PARAMETER_SHAPES)
def test_gradient_is_the_slope(name: str) -> None:
    """Central differences along random directions, one parameter tensor at a time.

    With a step h the difference errs by about h² of the curvature and 1e-16 / h of rounding, least near
    h = 1e-5; a direction that crosses a kink of the network would show, so the step is kept that small.
    """
    rng = np.random.default_rng(0)
    params: Params = {key: value.astype(np.float64) for key, value in initial_params(0).items()}
    images, labels = rng.random((4, 3, 32, 32)), np.array([3, 1, 4, 1])

    def loss(p: Params) -> float:
        return reference.loss(reference.forward(p, images)[0], labels)

    grads = reference.backward(params, reference.forward(params, images)[1], labels)
    for _ in range(3):
        direction = rng.standard_normal(params[name].shape)
        direction *= 1e-5 / np.linalg.norm(direction)
        up, down = ({**params, name: params[name] + sign * direction} for sign in (1, -1))
        slope = (loss(up) - loss(down)) / 2
        scale = np.linalg.norm(grads[name]) * 1e-5
        assert abs(slope - (grads[name] * direction).sum()) < 1e-7 * scale + 1e-16 * 4
