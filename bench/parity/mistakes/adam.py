"""Optimizers that are nearly Adam."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from bench.parity.memory import EARLY, LATE
from impls.reference import network
from impls.reference.rounding import MANTISSA_BITS, rounded
from impls.spec import ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON, Params

Array = np.ndarray

LARGEST_COUNTS = {
    "8 bits with a sign": 127,
    "8 bits": 255,
    "bfloat16": 256,
    "float16": 2048,
    "16 bits with a sign": 32_767,
    "16 bits": 65_535,
}
"""The last count to which 1 can be added, by what it is kept in."""

FORGOTTEN = "the moments are forgotten between epochs"
"""The cause of a new optimizer in every call."""


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
    yield (
        "ε is 1e-7 and is added before the bias correction, as Keras' Adam has it",
        run(epsilon=1e-7, epsilon_early=True),
    )
    yield from _amsgrad(run)
    if len(rates) > 1:
        yield "the rate of the first epoch is kept", _optimize(start, grads, rates[:1] * len(rates))
        yield (
            "a rate of 0 is not obeyed: the rate of another call is kept",
            _optimize(start, grads, rates[-1:] * len(rates)),
        )
        yield FORGOTTEN, _optimize(start, grads[-1:], rates[-1:])
        yield "the step count is forgotten between calls, and the moments are not", run(counted=lambda t: 1)
        yield (
            "the moments are forgotten between calls, and the step count is not",
            _optimize(start, grads[-1:], rates[-1:], counted=lambda t: t + len(rates) - 1),
        )
        cause = "gradients are added up from call to call: clear them before each step"
        yield cause, _optimize(start, _cumulated(grads), rates)


def _cumulated(grads: list[Params]) -> list[Params]:
    """Each step's gradients with those of all steps before it."""
    upto = [grads[: k + 1] for k in range(len(grads))]
    return [{name: np.sum([grad[name] for grad in each], axis=0) for name in grads[0]} for each in upto]


def _amsgrad(run: Callable[..., Params]) -> Iterator[tuple[str, Params]]:
    yield "the second moment never falls: AMSGrad, as PyTorch has it (amsgrad=True)", run(largest="before")
    yield (
        "the second moment never falls: AMSGrad, as Optax has it (the maximum of corrected moments)",
        run(largest="after"),
    )


def memory(early: Array, late: Array, resumed: int | None) -> Iterator[tuple[str, Array]]:
    """Steps, in learning rates, of optimizers whose memory is wrong after many steps.

    Args:
        early: some elements' gradients in the early steps, float64.
        late: likewise, in the late ones.
        resumed: the count of the state taken in before one late step; None for `bench.parity.memory`'s whole run.
    """
    if resumed is None:
        grads = [{"": early}] * EARLY + [{"": late}] * (LATE + 1)
        rates, state = [0.0] * (len(grads) - 1) + [1.0], None
    else:
        grads, rates, state = [{"": late}], [1.0], (resumed, early, early**2)
    run = partial(_optimize, {"": np.zeros_like(early)}, grads, rates, state=state)
    for kind, most in LARGEST_COUNTS.items():
        yield f"the step count stops at {most:,}, as in {kind}", run(counted=partial(min, most))[""]
    for bits in (8, 16):
        wrapped = partial(_wrapped, 2**bits)
        yield f"the step count begins anew after {2**bits:,}, as in {bits} bits", run(counted=wrapped)[""]
    yield "the bias corrections have ended by then", run(corrected=0)[""]
    yield from ((cause, after[""]) for cause, after in _amsgrad(run))
    yield "the moments are kept in bfloat16", run(kept=_bfloat16)[""]
    if resumed is None:
        alone = _optimize({"": np.zeros_like(early)}, grads[-1:], rates[-1:])
        yield "the state is made anew on the way, or steps at rate 0 do not reach it", alone[""]
    if resumed is not None:
        yield "load_optimizer does not take in the step count", run(counted=lambda t: t - resumed)[""]
        yield "load_optimizer does not take in the moments", run(state=(resumed, 0 * early, 0 * early))[""]


def _bfloat16(x: Array) -> Array:
    return rounded(x.astype(np.float32), MANTISSA_BITS["bf16"])


def _wrapped(most: int, count: int) -> int:
    return max(1, count % most)


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
    largest: str = "",
    counted: Callable[[int], int] = lambda t: t,
    corrected: float = np.inf,
    kept: Callable[[Array], Array] = lambda x: x,
    state: tuple[int, Array, Array] | None = None,
) -> Params:
    """Steps of Adam with its choices open, on given gradients.

    Args:
        start: parameters.
        grads: of each step.
        rates: of each step.
        beta1: of the first moment.
        beta2: of the second.
        epsilon: of the denominator.
        epsilon_inside: whether it is under the root.
        epsilon_early: whether it is added before the correction.
        correct: whether either moment is corrected.
        l2: a decay that is part of the gradient.
        decoupled: a decay that is not.
        sgd: whether moments are ignored.
        clip: largest norm of a gradient.
        largest: "before" or "after" the correction, the largest second moment so far is taken (AMSGrad).
        counted: from the true step count to the one that corrections use.
        corrected: the last step that has corrections.
        kept: how moments are rounded when they are stored.
        state: count and moments to begin with.
    """
    norms = [np.sqrt(sum(float((g.astype(np.float64) ** 2).sum()) for g in grad.values())) for grad in grads]
    after = {}
    for name, value in start.items():
        p = value.astype(np.float64)
        count, m, v = state or (0, np.zeros_like(p), np.zeros_like(p))
        most = np.zeros_like(p)
        for grad, norm, lr in zip(grads, norms, rates, strict=True):
            count += 1
            t = counted(count) if count <= corrected else np.inf
            g = grad[name].astype(np.float64) * min(1.0, clip / norm) + l2 * p
            m, v = kept(beta1 * m + (1 - beta1) * g), kept(beta2 * v + (1 - beta2) * g * g)
            m_hat = m / (1 - beta1**t) if correct[0] else m
            scale = 1 - beta2**t if correct[1] else 1.0
            most = np.maximum(most, v if largest == "before" else v / scale)
            used = {"": v, "before": most, "after": most * scale}[largest]
            if epsilon_inside:
                root = np.sqrt(used / scale + epsilon)
            else:
                root = (np.sqrt(used) + epsilon) / np.sqrt(scale) if epsilon_early else np.sqrt(used / scale) + epsilon
            p = p - lr * (g if sgd else m_hat / np.maximum(root, 1e-300)) - lr * decoupled * p
        after[name] = p
    return after
