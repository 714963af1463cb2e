"""How far may two correct runs drift apart? Twins show it: runs in float32, nudged by 1 ulp after every step."""

from __future__ import annotations

import numpy as np

from bench.parity import noise
from impls import reference
from impls.data import Split
from impls.spec import Params

TRAJECTORY_STEPS = 100
TWINS = 4


def train_steps(
    train: Split, steps: np.ndarray, params: Params, lr: float, dtype: type, nudge_seed: int | None = None
) -> tuple[np.ndarray, Params]:
    """Losses (steps,) float64 and final parameters; with a seed, nudged by 1 ulp after every step."""
    rng = np.random.default_rng(nudge_seed)
    adam = reference.Adam()
    current: Params = {name: value.astype(dtype) for name, value in params.items()}
    losses = np.empty(len(steps))
    for k, indices in enumerate(steps):
        log_probs, a = reference.forward(current, train.images[indices])
        losses[k] = reference.loss(log_probs, train.labels[indices])
        current = adam.step(current, reference.backward(current, a, train.labels[indices]), lr)
        if nudge_seed is not None:
            current = noise.nudged(current, rng)
    return losses, current


def distances(train: Split, steps: np.ndarray, params: Params, lr: float, truth: np.ndarray) -> np.ndarray:
    """How far each twin has been from the oracle, up to every step: (TWINS, steps), relative.

    The largest difference so far, since runs that have parted come close again only by chance.
    """
    runs = [train_steps(train, steps, params, lr, np.float32, nudge_seed=twin)[0] for twin in range(TWINS)]
    return np.maximum.accumulate(np.abs(np.array(runs) / truth - 1), axis=1)


def envelope(twins: np.ndarray) -> np.ndarray:
    """How far a correct float32 run may be from the oracle, at every step.

    Training amplifies a difference until one pooling window decides otherwise, at a step that is a matter of
    luck, so at one step the twins scatter by a factor of their own. The envelope is the farthest twin, times
    that factor at that step, times `noise.SAFETY` because the twins are few.
    """
    clipped = np.maximum(twins, float(np.finfo(np.float32).eps))  # a float32 loss cannot be closer than this
    farthest, nearest = clipped.max(axis=0), clipped.min(axis=0)
    return noise.SAFETY * farthest * (farthest / nearest)
