"""What Adam remembers after many steps: two gradients, taken again and again at a rate of 0, and then one real step.

At a rate of 0 the parameters stay where they are, so the gradients are the same two throughout, and moments and
corrections are known exactly after any number of steps (Kingma & Ba, 2015, algorithm 1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from impls.spec import ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON

EARLY, LATE = 30, 270
"""Steps on either image, the real step not counted. 256 is the last count that 8 bits or bfloat16 can hold."""

STEPS = EARLY + LATE + 1
"""Steps that Adam has taken in the end, the real one among them."""

COUNTS = (2_500, 70_000)
"""Step counts from which a backend that takes in its optimizer goes on: above what float16 and 16 bits can count."""

EPS = float(np.finfo(np.float32).eps)


@dataclass(frozen=True)
class Weights:
    """How much of each of two gradients is in the moments after some steps, the corrections included.

    Attributes:
        first: of the first moment, for the early and the late gradient.
        second: of the second moment, for their squares.
        correction: relative error of the corrected moments, if β^t has a rounding error of each of its factors.
        steps: taken so far.
    """

    first: tuple[float, float]
    second: tuple[float, float]
    correction: tuple[float, float]
    steps: int


def after(early: int, late: int) -> Weights:
    """The weights after ``early`` steps on one gradient and then ``late`` steps on the other."""
    t = early + late

    def shares(beta: float) -> tuple[float, float]:
        scale = 1 - beta**t
        return beta**late * (1 - beta**early) / scale, (1 - beta**late) / scale

    return Weights(shares(ADAM_BETA1), shares(ADAM_BETA2), _corrections(t), t)


def resumed(count: int) -> Weights:
    """The weights after one step on the late gradient, from moments that are the early gradient and its square."""
    t = count + 1

    def shares(beta: float) -> tuple[float, float]:
        scale = 1 - beta**t
        return beta / scale, (1 - beta) / scale

    return Weights(shares(ADAM_BETA1), shares(ADAM_BETA2), _corrections(t), t)


def _corrections(t: int) -> tuple[float, float]:
    first, second = (t * EPS / 2 * beta**t / (1 - beta**t) for beta in (ADAM_BETA1, ADAM_BETA2))
    return first, second


def step(weights: Weights, early: np.ndarray, late: np.ndarray) -> np.ndarray:
    """Adam's step in learning rates, float64, from the early and the late gradient of a parameter."""
    m = weights.first[0] * early + weights.first[1] * late
    v = weights.second[0] * early**2 + weights.second[1] * late**2
    return -m / (np.sqrt(v) + ADAM_EPSILON)


def step_noise(
    weights: Weights, early: np.ndarray, late: np.ndarray, early_noise: float, late_noise: float
) -> np.ndarray:
    """How far the step may be off, in learning rates: by the gradients' noise, and by the rounding of the moments.

    Args:
        weights: of the gradients.
        early: a parameter's gradient, float64.
        late: likewise.
        early_noise: absolute error of each of its elements.
        late_noise: likewise.
    """
    noises, grads = np.array([early_noise, late_noise]), np.abs(np.stack([early, late]))
    first, second = np.array(weights.first), np.array(weights.second)
    root = np.sqrt(np.tensordot(second, grads**2, 1)) + ADAM_EPSILON
    size = np.tensordot(first, grads, 1)  # not of the sum, in which they may cancel
    # Each step rounds two products and a sum; a moment remembers 1 / (1 - β) steps, or all if they are fewer.
    rounding = [1.5 * EPS * min(weights.steps, 1 / (1 - beta)) for beta in (ADAM_BETA1, ADAM_BETA2)]
    m_error = float(first @ noises) + size * (rounding[0] + weights.correction[0])
    v_error = sum(u * (2 * g * e + e**2) for u, g, e in zip(second, grads, noises, strict=True))
    relative = v_error / root**2 + rounding[1] + weights.correction[1]
    step_size = np.abs(step(weights, early, late))
    return np.minimum(2 * longest(weights), m_error / root + step_size * relative / 2)


def longest(weights: Weights) -> float:
    """The longest step of all gradients, in learning rates; two steps are at most twice that apart.

    By Cauchy, |Σ a g| <= sqrt(Σ a²/b) sqrt(Σ b g²) for the weights a of the first and b of the second moment.
    """
    return math.sqrt(sum(a**2 / b for a, b in zip(weights.first, weights.second, strict=True)))
