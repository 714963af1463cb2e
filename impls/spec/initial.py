"""Canonical initial parameters: drawn once in NumPy, used by every backend.

Both frameworks' default schemes are offered, because the two differ and the difference is often taken for a
difference between the frameworks.
"""

from __future__ import annotations

import math

import numpy as np

from impls.errors import LenetError
from impls.spec.network import PARAMETER_SHAPES, Params, fan_in

SCHEMES = ("pytorch", "flax")


def initial_params(seed: int, scheme: str = "pytorch") -> Params:
    """Initial parameters, a pure function of the arguments.

    ``pytorch`` is what ``nn.Conv2d`` and ``nn.Linear`` do: weights and biases uniform in
    ±1/sqrt(fan_in) (for weights, ``kaiming_uniform_`` with a = sqrt(5), torch.nn.modules.linear).
    ``flax`` is what ``nnx.Conv`` and ``nnx.Linear`` do: weights LeCun-normal, that is of standard deviation
    1/sqrt(fan_in) cut off at two deviations and rescaled (jax.nn.initializers.lecun_normal), and zero biases.

    Args:
        seed: of the run.
        scheme: one of `SCHEMES`.

    Returns:
        Canonical parameters, float32, C-contiguous.

    Raises:
        LenetError: an unknown scheme.
    """
    if scheme not in SCHEMES:
        raise LenetError(f"There is no initial scheme {scheme!r}; there is {' and '.join(SCHEMES)}.")
    draw = _uniform if scheme == "pytorch" else _lecun_normal
    rng = np.random.default_rng(seed)
    return {name: draw(rng, name, shape).astype(np.float32) for name, shape in PARAMETER_SHAPES.items()}


def _uniform(rng: np.random.Generator, name: str, shape: tuple[int, ...]) -> np.ndarray:
    bound = 1 / math.sqrt(fan_in(name))
    return rng.uniform(-bound, bound, shape)


# Standard deviation of a standard normal cut off at ±2; dividing by it restores the variance asked for.
_TRUNCATED_STD = 0.87962566103423978


def _lecun_normal(rng: np.random.Generator, name: str, shape: tuple[int, ...]) -> np.ndarray:
    if name.endswith(".bias"):
        return np.zeros(shape)
    values = rng.standard_normal(shape)
    while (outside := np.abs(values) > 2).any():
        values[outside] = rng.standard_normal(int(outside.sum()))
    return values / (_TRUNCATED_STD * math.sqrt(fan_in(name)))
