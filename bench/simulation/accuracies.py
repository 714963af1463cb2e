"""Accuracies over seeds: equivalence, the intervals of their means, and where one more run would fall."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from bench.simulation.effects import Effects
from bench.simulation.outcome import Outcome, outcome
from bench.stats.equivalence import LEVEL, MARGIN, TEST_IMAGES, equivalence
from bench.stats.student import mean_interval, prediction_interval

EQUIVALENCE, STUDENT = "bench/stats/equivalence.py", "bench/stats/student.py"
SPREADS = (0.0022, 0.005, 0.012)
"""Deviations of paired differences: of a twin, of another framework, and at the greater rate, in the committed runs."""
ACCURACY, OVER_SEEDS = 0.45, 0.008
"""After ten epochs of the lecture's recipe, and its deviation over seeds, in the committed runs."""
FIRST, MOST = 5, 50
"""Pairs at the first look, and at most, for somebody who looks until it is settled."""


def outcomes(effects: list[Effects], tries: int) -> list[Outcome]:
    """They depend on no effect on time: one error each."""
    del effects
    none = [Effects(0.0, 0.0, 0.0, 0.0, 0.0)]
    found = []
    for pairs in (3, 5, 10):
        for spread in SPREADS:
            name = (
                f"equivalent though {100 * MARGIN:.0f} point apart, {pairs} pairs, deviation {100 * spread:.2g} points"
            )
            simulate = partial(called, verdict="equivalent", pairs=pairs, spread=spread)
            found.append(outcome(name, EQUIVALENCE, LEVEL, simulate, none, tries // 2))
    name = f"different though not beyond {100 * MARGIN:.0f} point, 5 pairs"
    simulate = partial(called, verdict="different", pairs=5, spread=SPREADS[0])
    found.append(outcome(name, EQUIVALENCE, LEVEL, simulate, none, tries // 2))
    for verdict in ("equivalent", "different"):
        name = f"{verdict}, looking again after as many pairs as were advised, from {FIRST} to {MOST} pairs"
        looking = partial(with_peeking, verdict=verdict, spread=SPREADS[-1])
        found.append(outcome(name, EQUIVALENCE, LEVEL, looking, none, tries // 4, claimed=False))
    for seeds in (3, 5, 10):
        name = f"mean accuracy of {seeds} seeds, its 95 % interval"
        found.append(outcome(name, STUDENT, 0.05, partial(mean_missed, seeds=seeds), none, tries))
        name = f"where one more run falls, after {seeds} seeds (95 %)"
        found.append(outcome(name, STUDENT, 0.05, partial(run_missed, seeds=seeds), none, tries))
    return found


def differences(rng: np.random.Generator, pairs: int, spread: float) -> list[float]:
    """Differences around the margin, in whole images."""
    return [round(TEST_IMAGES * x) / TEST_IMAGES for x in MARGIN + spread * rng.standard_normal(pairs)]


def called(effects: Effects, rng: np.random.Generator, tries: int, verdict: str, pairs: int, spread: float) -> float:
    """How often a mean difference of exactly the margin gets a verdict."""
    return sum(equivalence(differences(rng, pairs, spread)).verdict == verdict for _ in range(tries)) / tries


def with_peeking(effects: Effects, rng: np.random.Generator, tries: int, verdict: str, spread: float) -> float:
    """The same by somebody who trains as many pairs more as the sentence advises, until there is a verdict."""
    found = 0
    for _ in range(tries):
        values = differences(rng, FIRST, spread)
        while (judged := equivalence(values)).verdict == "inconclusive" and len(values) < MOST:
            more = min(judged.further_pairs or FIRST, MOST - len(values))
            values += differences(rng, more, spread)
        found += judged.verdict == verdict
    return found / tries


def accuracies(rng: np.random.Generator, seeds: int) -> list[float]:
    """Of runs from so many seeds, in whole images."""
    return [round(TEST_IMAGES * x) / TEST_IMAGES for x in ACCURACY + OVER_SEEDS * rng.standard_normal(seeds)]


def mean_missed(effects: Effects, rng: np.random.Generator, tries: int, seeds: int) -> float:
    """How often the interval of the mean misses it."""
    intervals = (mean_interval(accuracies(rng, seeds)) for _ in range(tries))
    return sum(not each.low <= ACCURACY <= each.high for each in intervals) / tries


def run_missed(effects: Effects, rng: np.random.Generator, tries: int, seeds: int) -> float:
    """How often one more run falls outside of the prediction interval."""
    found = 0
    for _ in range(tries):
        *known, new = accuracies(rng, seeds + 1)
        low, high = prediction_interval(known)
        found += not (low <= new <= high or math.isinf(low))
    return found / tries
