"""What common mistakes would give: the oracle with one thing changed.

Asked only after a rung has failed. A backend that agrees with one of these has made that mistake, which says
more than how far off it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import numpy as np

from bench.parity.noise import relative_error
from impls.reference import network
from impls.reference.rounding import in_precision
from impls.spec import ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON, Params

Array = np.ndarray
RELUS = frozenset({"conv1", "conv2", "fc1", "fc2"})


def matching(found: Array, true: Array, candidates: Iterable[tuple[str, Array]], share: float = 0.01) -> list[str]:
    """The mistake that explains a wrong array, if one does.

    Args:
        found: by the backend.
        true: the oracle's.
        candidates: what each mistake would give, by its description.
        share: of the error, the most that the explanation may leave.

    Returns:
        The description of the nearest candidate, if it explains the error; else nothing.
    """
    if not np.isfinite(found).all():
        return []
    error = relative_error(found, true)
    left = {cause: relative_error(found, value) for cause, value in candidates if value.shape == found.shape}
    best = min(left, key=lambda cause: left[cause], default=None)
    return [best] if best is not None and left[best] < share * error else []


# --- forward --------------------------------------------------------------------------------------------------


def _network(
    params: Params,
    images: Array,
    *,
    relus: frozenset[str] = RELUS,
    pool: Callable[[Array], Array] = lambda x: network.max_pool(x)[0],
    flatten: Callable[[Array], Array] = lambda x: x.reshape(len(x), 400),
    matmul: network.MatMul = np.matmul,
) -> dict[str, Array]:
    """The forward pass of `impls.reference`, with its choices open."""

    def relu(name: str) -> Array:
        return network.relu(a[name]) if name in relus else a[name]

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
    yield "pooling averages and does not take the maximum", net(x, pool=lambda y: network.windows(y).mean(axis=-1))
    for name in p:
        if name.endswith("bias"):
            yield f"{name} is not added", _network(p | {name: np.zeros_like(p[name])}, x)
    yield "log-probabilities are raw logits: the log-softmax is missing", (a := net(x)) | {"log_probs": a["fc3"]}
    yield "log-probabilities are probabilities: the logarithm is missing", a | {"log_probs": np.exp(a["log_probs"])}


def precision_of(found: Array, true: Array, imitate: Callable[[network.MatMul], Array]) -> list[str]:
    """Whether an error is that of TF32 or bfloat16 products: it shrinks by half where these are imitated.

    Args:
        found: by the backend.
        true: the oracle's.
        imitate: the same in float32 with another matrix product.
    """
    error = relative_error(found, true)
    for precision, name in (("tf32", "TF32"), ("bf16", "bfloat16")):
        product = in_precision(precision, np.matmul)
        rounded = imitate(product)
        # Its own error must be of that size too, or any small difference would be called TF32.
        if relative_error(found, rounded) < 0.5 * error and relative_error(rounded, true) > 0.3 * error:
            return [f"the error is that of {name} products: switch them off for fp32"]
    return []


# --- backward -------------------------------------------------------------------------------------------------


def tie_rules(params: Params, images: Array, labels: Array) -> Iterator[tuple[str, Params]]:
    """Gradients under other rules for tied maxima: the last takes all, or all of them share."""
    p = network.as_float64(params)
    _, a = network.forward(p, images)
    cells = {k: network.windows(network.relu(a[f"conv{k}"])) for k in (1, 2)}
    tied = {k: (c == c.max(axis=-1, keepdims=True)) for k, c in cells.items()}

    def with_winners(first: Array, second: Array) -> Params:
        return network.backward(p, a | {"winner1": first, "winner2": second}, labels)

    last = {k: 3 - t[..., ::-1].argmax(axis=-1) for k, t in tied.items()}
    yield "tied maxima send their gradient to the last of them and not to the first", with_winners(last[1], last[2])

    # The gradient is linear in each pooling's choice, so sharing is the average over all choices; where
    # all four of a window tie, as they do in this case, the k-th choice is element k.
    def choice(layer: int, k: int) -> Array:
        return np.where(tied[layer].all(axis=-1), k, a[f"winner{layer}"])

    runs = [with_winners(choice(1, i), choice(2, j)) for i in range(4) for j in range(4)]
    yield "tied maxima share their gradient", {name: np.mean([run[name] for run in runs], axis=0) for name in p}


# --- Adam -----------------------------------------------------------------------------------------------------


def adam(start: Params, grads: list[Params], rates: list[float]) -> Iterator[tuple[str, Params]]:
    """Parameters after some steps of optimizers that are nearly Adam."""
    run = partial(_optimize, network.as_float64(start), [network.as_float64(g) for g in grads], rates)
    yield "ε is added inside the square root", run(epsilon_inside=True)
    yield "ε is added before the bias correction", run(epsilon_early=True)
    yield "the bias correction is missing", run(correct=(False, False))
    yield "the first moment's bias correction is missing", run(correct=(False, True))
    yield "the second moment's bias correction is missing", run(correct=(True, False))
    for b1, b2 in ((0.9, 0.99), (0.9, 0.95), (0.9, 0.9), (0.5, 0.999), (0.99, 0.999), (0.0, 0.999), (0.999, 0.9)):
        yield f"β is ({b1}, {b2}) and not ({ADAM_BETA1}, {ADAM_BETA2})", run(beta1=b1, beta2=b2)
    for epsilon in (0.0, 1e-7, 1e-6, 1e-5):
        yield f"ε is {epsilon:g} and not {ADAM_EPSILON:g}", run(epsilon=epsilon)
    for decay in (1e-4, 5e-4, 1e-3, 1e-2, 1e-1):
        yield f"a weight decay of {decay:g} is added to the gradient", run(l2=decay)
        yield f"a decoupled weight decay of {decay:g} is applied (AdamW)", run(decoupled=decay)
    yield "the steps are gradient descent's and not Adam's", run(sgd=True)
    yield "gradients are clipped to a norm of 1", run(clip=1.0)
    if len(rates) > 1:
        yield "the rate of the first epoch is kept", _optimize(start, grads, rates[:1] * len(rates))
        yield "the moments are forgotten between epochs", _optimize(start, grads[-1:], rates[-1:])


def _optimize(
    start: Params,
    grads: list[Params],
    rates: list[float],
    *,
    beta1: float = ADAM_BETA1,
    beta2: float = ADAM_BETA2,
    epsilon: float = ADAM_EPSILON,
    epsilon_inside: bool = False,
    epsilon_early: bool = False,
    correct: tuple[bool, bool] = (True, True),
    l2: float = 0.0,
    decoupled: float = 0.0,
    sgd: bool = False,
    clip: float = np.inf,
) -> Params:
    """Steps of Adam with its choices open, on given gradients."""
    norms = [np.sqrt(sum(float((g.astype(np.float64) ** 2).sum()) for g in grad.values())) for grad in grads]
    after = {}
    for name, value in start.items():
        p = value.astype(np.float64)
        m, v = np.zeros_like(p), np.zeros_like(p)
        for t, (grad, norm, lr) in enumerate(zip(grads, norms, rates, strict=True), start=1):
            g = grad[name].astype(np.float64) * min(1.0, clip / norm) + l2 * p
            m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
            m_hat = m / (1 - beta1**t) if correct[0] else m
            scale = 1 - beta2**t if correct[1] else 1.0
            if epsilon_inside:
                root = np.sqrt(v / scale + epsilon)
            else:
                root = (np.sqrt(v) + epsilon) / np.sqrt(scale) if epsilon_early else np.sqrt(v / scale) + epsilon
            p = p - lr * (g if sgd else m_hat / np.maximum(root, 1e-300)) - lr * decoupled * p
        after[name] = p
    return after
