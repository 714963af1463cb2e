"""Mistakes of a forward pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from impls.reference import network
from impls.spec import Params

Array = np.ndarray
RELUS = frozenset({"conv1", "conv2", "fc1", "fc2"})


def _network(
    params: Params,
    images: Array,
    *,
    relus: frozenset[str] = RELUS,
    cap: float = np.inf,
    pool: Callable[[Array], Array] = lambda x: network.max_pool(x)[0],
    flatten: Callable[[Array], Array] = lambda x: x.reshape(len(x), 400),
    matmul: network.MatMul = np.matmul,
) -> dict[str, Array]:
    """The forward pass of `impls.reference`, with its choices open."""

    def relu(name: str) -> Array:
        return np.minimum(network.relu(a[name]), cap) if name in relus else a[name]

    def linear(name: str, x: Array) -> Array:
        return matmul(x, params[f"{name}.weight"].T) + params[f"{name}.bias"]

    a: dict[str, Array] = {}
    a["conv1"] = network.conv(images, params["conv1.weight"], params["conv1.bias"], matmul)
    a["pool1"] = pool(relu("conv1"))
    a["conv2"] = network.conv(a["pool1"], params["conv2.weight"], params["conv2.bias"], matmul)
    a["pool2"] = pool(relu("conv2"))
    a["fc1"] = linear("fc1", flatten(a["pool2"]))
    a["fc2"] = linear("fc2", relu("fc1"))
    a["fc3"] = linear("fc3", relu("fc2"))
    a["log_probs"] = network.log_softmax(a["fc3"])
    return a


def forward(params: Params, images: Array) -> Iterator[tuple[str, dict[str, Array]]]:
    """Every mistake of a forward pass, and the activations that it gives."""
    p, x = network.as_float64(params), images.astype(np.float64)
    net = partial(_network, p)
    yield "red and blue are swapped", net(x[:, ::-1])
    yield "the image's rows and columns are swapped", net(x.transpose(0, 1, 3, 2))
    n, c, h, w = x.shape
    yield (
        "images are reshaped to channels last and not transposed",
        net(x.reshape(n, h, w, c).transpose(0, 3, 1, 2)),
    )
    yield (
        "images are transposed to channels last and then reshaped, not transposed, to channels first",
        net(x.transpose(0, 2, 3, 1).reshape(n, c, h, w)),
    )
    yield "pixels are divided by 256 and not by 255", net(x * (255 / 256))
    yield "pixels are from 0 to 255 and not from 0 to 1", net(x * 255)
    shifted = np.pad(x, ((0, 0), (0, 0), (2, 0), (2, 0)))[:, :, :32, :32]
    yield "conv1's windows begin two pixels outside the image: SAME padding for valid", net(shifted)
    convs = ("conv1.weight", "conv2.weight")
    yield (
        "kernels are flipped: a convolution for a cross-correlation",
        _network(p | {name: p[name][..., ::-1, ::-1] for name in convs}, x),
    )
    yield (
        "kernels' rows and columns are swapped",
        _network(p | {name: p[name].swapaxes(2, 3) for name in convs}, x),
    )
    yield (
        "the flatten order is channels last: permute fc1's inputs",
        net(x, flatten=lambda y: y.transpose(0, 2, 3, 1).reshape(len(y), 400)),
    )
    for layer in sorted(RELUS):
        yield f"the ReLU after {layer} is missing", net(x, relus=RELUS - {layer})
    for cap in (1, 6):
        yield f"activations are capped at {cap}" + (": ReLU6 for ReLU" if cap == 6 else ""), net(x, cap=cap)
    yield "pooling averages and does not take the maximum", net(x, pool=lambda y: network.windows(y).mean(axis=-1))
    for name in p:
        if name.endswith("bias"):
            yield f"{name} is not added", _network(p | {name: np.zeros_like(p[name])}, x)
    yield "log-probabilities are raw logits: the log-softmax is missing", (a := net(x)) | {"log_probs": a["fc3"]}
    yield "log-probabilities are probabilities: the logarithm is missing", a | {"log_probs": np.exp(a["log_probs"])}
