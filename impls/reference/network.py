"""The oracle: LeNet's forward pass and backward pass, written out in NumPy.

Read this and `impls.reference.adam` to learn what is being computed. In float64 it is the truth that every backend is
held against; in float32, with its sums taken in other orders, it shows how much two correct float32 programs may
differ.

Nothing here is automatic: each ``*_backward`` is the derivative of the function above it, derived by hand and
checked against finite differences in the tests.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from impls.spec import PARAMETER_SHAPES, Params

Array = np.ndarray
MatMul = Callable[[Array, Array], Array]
"""(M, K), (K, N) -> (M, N): how sums are taken; another order of summation is another ``MatMul``."""


# --- layers ---------------------------------------------------------------------------------------------------


def patches(x: Array) -> Array:
    """Every 5x5 window of (N, C, H, W) as a row: (N * (H-4) * (W-4), C * 25)."""
    n, c, h, w = x.shape
    cut = sliding_window_view(x, (5, 5), axis=(2, 3))  # (N, C, H-4, W-4, 5, 5)
    return cut.transpose(0, 2, 3, 1, 4, 5).reshape(n * (h - 4) * (w - 4), c * 25)


def conv(x: Array, weight: Array, bias: Array, matmul: MatMul) -> Array:
    """Valid 5x5 cross-correlation: (N, C, H, W), (O, C, 5, 5), (O,) -> (N, O, H-4, W-4)."""
    n, _, h, w = x.shape
    rows = matmul(patches(x), weight.reshape(len(weight), -1).T) + bias
    return rows.reshape(n, h - 4, w - 4, -1).transpose(0, 3, 1, 2)


def column_sums(d: Array, matmul: MatMul) -> Array:
    """Sums over the rows of (N, K): (K,), taken as products take theirs."""
    return matmul(np.ones((1, len(d)), d.dtype), d)[0]


def conv_backward_params(d: Array, x: Array, matmul: MatMul) -> tuple[Array, Array]:
    """From dL/d(output) of `conv` to dL/dweight (O, C, 5, 5) and dL/dbias (O,)."""
    rows = d.transpose(0, 2, 3, 1).reshape(-1, d.shape[1])  # one row per window, as in `patches`
    d_weight = matmul(rows.T, patches(x)).reshape(d.shape[1], x.shape[1], 5, 5)
    return d_weight, column_sums(rows, matmul)


def conv_backward_input(d: Array, weight: Array, matmul: MatMul) -> Array:
    """From dL/d(output) of `conv` to dL/dx (N, C, H, W)."""
    n, o, h, w = d.shape
    c = weight.shape[1]
    rows = d.transpose(0, 2, 3, 1).reshape(-1, o)
    d_windows = matmul(rows, weight.reshape(o, -1)).reshape(n, h, w, c, 5, 5).transpose(4, 5, 0, 3, 1, 2)
    d_x = np.zeros((n, c, h + 4, w + 4), d.dtype)
    for i in range(5):  # each window gives its gradient back to the pixels it was cut from
        for j in range(5):
            d_x[:, :, i : i + h, j : j + w] += d_windows[i, j]
    return d_x


def windows(x: Array) -> Array:
    """The 2x2 pooling windows of (N, C, H, W), each in row-major order: (N, C, H/2, W/2, 4)."""
    n, c, h, w = x.shape
    return x.reshape(n, c, h // 2, 2, w // 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(n, c, h // 2, w // 2, 4)


def max_pool(x: Array) -> tuple[Array, Array]:
    """2x2 maxima (N, C, H/2, W/2), and which of the four won: ``argmax`` takes the first of tied ones."""
    cells = windows(x)
    winner = cells.argmax(axis=-1)
    return np.take_along_axis(cells, winner[..., None], axis=-1)[..., 0], winner


def max_pool_backward(d: Array, winner: Array) -> Array:
    """The whole gradient goes to the winner: (N, C, H, W) -> (N, C, 2H, 2W)."""
    n, c, h, w = d.shape
    cells = np.where(np.arange(4) == winner[..., None], d[..., None], d.dtype.type(0))
    return cells.reshape(n, c, h, w, 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(n, c, 2 * h, 2 * w)


def relu(x: Array) -> Array:
    """max(x, 0); its derivative at 0 is taken as 0."""
    return np.maximum(x, 0)


def log_softmax(x: Array) -> Array:
    """(N, 10) -> (N, 10), shifted by the row's maximum so that no exponential overflows."""
    shifted = x - x.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def as_float64(params: Params) -> Params:
    """A copy in the oracle's precision."""
    return {name: value.astype(np.float64) for name, value in params.items()}


# --- the network ----------------------------------------------------------------------------------------------


def forward(params: Params, images: Array, matmul: MatMul = np.matmul) -> tuple[Array, dict[str, Array]]:
    """Log-probabilities and every intermediate value that the backward pass needs.

    Args:
        params: canonical parameters; their dtype is the precision of the computation.
        images: (N, 3, 32, 32).
        matmul: how products are summed.

    Returns:
        Log-probabilities (N, 10), and activations by name: each layer's output before its ReLU (``conv1``,
        ``conv2``, ``fc1``, ``fc2``, ``fc3``), the pooled ones (``pool1``, ``pool2``) with the winner of each
        window (``winner1``, ``winner2``), and what ``fc1`` reads (``flat``).
    """
    a: dict[str, Array] = {"images": images.astype(params["conv1.weight"].dtype)}
    a["conv1"] = conv(a["images"], params["conv1.weight"], params["conv1.bias"], matmul)
    a["pool1"], a["winner1"] = max_pool(relu(a["conv1"]))
    a["conv2"] = conv(a["pool1"], params["conv2.weight"], params["conv2.bias"], matmul)
    a["pool2"], a["winner2"] = max_pool(relu(a["conv2"]))
    a["flat"] = a["pool2"].reshape(len(images), 400)  # channel-major: the array is (N, channel, row, column)
    a["fc1"] = matmul(a["flat"], params["fc1.weight"].T) + params["fc1.bias"]
    a["fc2"] = matmul(relu(a["fc1"]), params["fc2.weight"].T) + params["fc2.bias"]
    a["fc3"] = matmul(relu(a["fc2"]), params["fc3.weight"].T) + params["fc3.bias"]
    a["log_probs"] = log_softmax(a["fc3"])
    return a["log_probs"], a


def loss(log_probs: Array, labels: Array, matmul: MatMul = np.matmul) -> float:
    """Mean negative log-likelihood of labels (N,) under log-probabilities (N, 10)."""
    of_labels = log_probs[np.arange(len(labels)), labels]
    return float(-column_sums(of_labels[:, None], matmul)[0] / len(labels))


def backward(params: Params, a: dict[str, Array], labels: Array, matmul: MatMul = np.matmul) -> Params:
    """Gradient of the mean loss in every parameter, from the activations that `forward` returned."""
    grads: Params = {}

    def linear(name: str, below: Array, d: Array) -> Array:
        grads[f"{name}.weight"] = matmul(d.T, below)
        grads[f"{name}.bias"] = column_sums(d, matmul)
        return matmul(d, params[f"{name}.weight"])

    # d(mean NLL)/d(logits) = (softmax - one-hot) / N
    d = np.exp(a["log_probs"])
    d[np.arange(len(labels)), labels] -= 1
    d /= len(labels)

    d = linear("fc3", relu(a["fc2"]), d) * (a["fc2"] > 0)
    d = linear("fc2", relu(a["fc1"]), d) * (a["fc1"] > 0)
    d = linear("fc1", a["flat"], d).reshape(a["pool2"].shape)
    d = max_pool_backward(d, a["winner2"]) * (a["conv2"] > 0)
    grads["conv2.weight"], grads["conv2.bias"] = conv_backward_params(d, a["pool1"], matmul)
    d = conv_backward_input(d, params["conv2.weight"], matmul)
    d = max_pool_backward(d, a["winner1"]) * (a["conv1"] > 0)
    grads["conv1.weight"], grads["conv1.bias"] = conv_backward_params(d, a["images"], matmul)
    return {name: grads[name] for name in PARAMETER_SHAPES}
