"""Which elements have no gradient in a batch, however products are rounded.

A unit whose ReLU is off gives its weights no gradient. Where its input is nearer to 0 than products in a lower
precision resolve, another correct program may find it on: the unit wakes.
"""

from __future__ import annotations

import numpy as np

from bench.parity.cases import Case
from impls.reference import network
from impls.spec import Params

Array = np.ndarray


def never_has_gradient(case: Case) -> dict[str, Array]:
    """By parameter, the elements whose gradient is 0 in every correct program of the case's precision, as bool.

    The backward pass is made with absolute values, so that nothing cancels, and with every ReLU on and every pooling
    window's element chosen that may be so within the layers' tolerances. What is 0 then is 0 in every program. A
    ReLU's input of exactly 0 is planted: a sum of zeros, in any arithmetic.
    """
    p = {name: np.abs(value) for name, value in network.as_float64(case.params).items()}
    a = case.activations
    margin = {layer: case.tolerance[layer] * float(np.abs(a[layer]).max()) for layer in a}
    on = {layer: (a[layer] > -margin[layer]) & (a[layer] != 0) for layer in ("conv1", "conv2", "fc1", "fc2")}
    upper = {layer: np.where(on[layer], np.abs(a[layer]) + margin[layer], 0.0) for layer in on}
    flat = _pooled(upper["conv2"]).reshape(len(case.labels), 400)
    grads: Params = {}

    def linear(name: str, below: Array, d: Array) -> Array:
        grads[f"{name}.weight"], grads[f"{name}.bias"] = d.T @ below, d.sum(axis=0)
        return d @ p[f"{name}.weight"]

    d: Array = np.ones((len(case.labels), len(p["fc3.bias"])))
    d = linear("fc3", upper["fc2"], d) * on["fc2"]
    d = linear("fc2", upper["fc1"], d) * on["fc1"]
    d = linear("fc1", flat, d).reshape(-1, 16, 5, 5)
    for name, below in (("conv2", _pooled(upper["conv1"])), ("conv1", np.abs(case.images.astype(np.float64)))):
        d = _chosen(d, a[name], 2 * margin[name]) * on[name]
        weight, bias = network.conv_backward_params(d, below, np.matmul)
        grads[f"{name}.weight"], grads[f"{name}.bias"] = weight, bias
        if name == "conv2":
            d = network.conv_backward_input(d, p["conv2.weight"], np.matmul)
    return {name: grad == 0 for name, grad in grads.items()}


def _pooled(x: Array) -> Array:
    return network.windows(x).max(axis=-1)


def _chosen(d: Array, x: Array, apart: float) -> Array:
    """``d`` (N, C, H, W) at every element of a 2x2 window that may be its largest: (N, C, 2H, 2W)."""
    n, c, h, w = d.shape
    cells = network.windows(network.relu(x))
    may_be = cells >= cells.max(axis=-1, keepdims=True) - apart
    spread = np.where(may_be, d[..., None], 0.0).reshape(n, c, h, w, 2, 2)
    return spread.transpose(0, 1, 2, 4, 3, 5).reshape(n, c, 2 * h, 2 * w)
