"""Variants that leave a run once their ratios are known: how often does the interval then miss the true ratio?"""

from __future__ import annotations

import math

import numpy as np

from bench.simulation.effects import Effects
from bench.simulation.outcome import Outcome, outcome
from bench.stats.stopping import coverage

WHERE = "bench/stats/stopping.py"
ROUNDS = 2


def outcomes(effects: list[Effects], tries: int) -> list[Outcome]:
    """Of ratios under the sizes of effects that were measured, and where blocks scatter as is worst for the rule."""
    found = [outcome("ratio that may be known after 3 of 4 blocks", WHERE, 0.05, missed, effects, tries)]
    for deviation in (0.01, 0.03):  # nearly all stop early; the rule errs most
        name = f"the same, where ratios scatter by {deviation:.0%} from block to block"

        def planted(_: Effects, rng: np.random.Generator, tries: int, deviation: float = deviation) -> float:
            return 1 - coverage(deviation, rng, tries=tries)[0]

        found.append(outcome(name, WHERE, 0.05, planted, effects, 10 * tries))
    return found


def missed(effects: Effects, rng: np.random.Generator, tries: int) -> float:
    """How often the interval of a ratio of two variants misses it."""
    of_block = math.sqrt(2 * (effects.process**2 + effects.rest**2 / ROUNDS))
    return 1 - coverage(of_block, rng, tries=tries)[0]
