"""How often is a correct run accused by the twins' envelope, and how wide is that?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from bench.parity.twins import TWINS, envelope
from bench.simulation.effects import Effects
from bench.simulation.outcome import Outcome, outcome

WHERE = "bench/parity/twins.py"
FAR = 1e-3
"""Far above what float32 can show, so that nothing is clipped."""
SCATTERS = (0.06, 0.2, 0.43)
"""Least, usual and greatest median over steps of the twins' log deviation, in kept answers of the oracle."""


def outcomes(effects: list[Effects], tries: int) -> list[Outcome]:
    """Of one comparison; it depends on no effect on time."""
    del effects
    none = [Effects(0.0, 0.0, 0.0, 0.0, 0.0)]
    named: dict[str, Callable[..., np.ndarray]] = {
        f"logarithms scatter by {scatter:g}": partial(log_normal, scatter=scatter) for scatter in SCATTERS
    }
    named["each difference normal around 0"] = half_normal
    return [
        outcome(
            f"a correct run accused by {TWINS} twins, {name}",
            WHERE,
            None,
            partial(accused, draw=draw),
            none,
            20 * tries,
        )
        for name, draw in named.items()
    ]


def log_normal(rng: np.random.Generator, shape: tuple[int, int], scatter: float) -> np.ndarray:
    """Distances whose logarithms are normal."""
    return np.asarray(FAR * np.exp(scatter * rng.standard_normal(shape)))


def half_normal(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Sizes of normal differences: any of them may be near 0 by luck."""
    return np.asarray(FAR * np.abs(rng.standard_normal(shape)))


def accused(effects: Effects, rng: np.random.Generator, tries: int, draw: Callable[..., np.ndarray]) -> float:
    """How often one more draw of what the twins are of lies beyond the envelope."""
    distances = draw(rng, (TWINS + 1, tries))
    return float((distances[-1] > envelope(distances[:-1])).mean())
