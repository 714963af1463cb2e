"""The oracle's network against cases worked out by hand, and its gradients against central differences."""

import numpy as np
import pytest

from impls.reference import network
from impls.reference.network import conv, log_softmax, max_pool, max_pool_backward
from impls.spec import PARAMETER_SHAPES, Params, initial_params


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
    assert network.loss(np.log([[0.25, 0.75], [0.5, 0.5]]), np.array([0, 1])) == pytest.approx(np.log(8) / 2)


def test_flatten_is_channel_major() -> None:
    params = initial_params(0)
    _, a = network.forward(params, np.random.default_rng(0).random((1, 3, 32, 32)))
    assert a["flat"][0, 2 * 25 + 3 * 5 + 4] == a["pool2"][0, 2, 3, 4]


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
        return network.loss(network.forward(p, images)[0], labels)

    grads = network.backward(params, network.forward(params, images)[1], labels)
    for _ in range(3):
        direction = rng.standard_normal(params[name].shape)
        direction *= 1e-5 / np.linalg.norm(direction)
        up, down = ({**params, name: params[name] + sign * direction} for sign in (1, -1))
        slope = (loss(up) - loss(down)) / 2
        scale = np.linalg.norm(grads[name]) * 1e-5
        assert abs(slope - (grads[name] * direction).sum()) < 1e-7 * scale + 1e-16 * 4
