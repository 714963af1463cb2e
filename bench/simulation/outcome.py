"""What a simulation found of one interval, test or warning: a row of the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bench.simulation.effects import Effects

TRIES = 10_000
"""Of an interval or a test: 5 % are then known to ±0.4 points, two standard deviations."""


@dataclass(frozen=True)
class Outcome:
    """How often something erred.

    Attributes:
        name: of the interval or test, and under what.
        where: the file, from the repository's root.
        nominal: the error that it claims, a fraction; None where it claims none.
        errors: the error in the simulation, a fraction, for each set of effects.
        claimed: whether the nominal error is claimed under these very effects; False where a row only warns.
    """

    name: str
    where: str
    nominal: float | None
    errors: list[float]
    claimed: bool = True

    @property
    def holds(self) -> bool:
        """Whether no error is beyond what is claimed by more than a fifth of it, as 6 % is beyond 5 %."""
        return self.nominal is None or not self.claimed or max(self.errors) <= 1.2 * self.nominal + 1e-12


Simulate = Callable[[Effects, np.random.Generator, int], float]
"""The share of errors of so many tries under some effects."""


def outcome(
    name: str,
    where: str,
    nominal: float | None,
    simulate: Simulate,
    effects: list[Effects],
    tries: int,
    *,
    claimed: bool = True,
) -> Outcome:
    """Simulate under each set of effects, from the same seed."""
    errors = [simulate(each, np.random.default_rng(0), tries) for each in effects]
    return Outcome(name, where, nominal, errors, claimed)
