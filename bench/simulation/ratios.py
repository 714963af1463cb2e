"""Ratios of two equally fast variants: how often does their interval exclude 1?"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from bench.simulation.effects import Effects, block_numbers, seconds
from bench.simulation.outcome import Outcome, outcome
from bench.stats.components import components
from bench.stats.ratio import paired_ratio

WHERE = "bench/stats/ratio.py"
PROCESSES, SLICES = 4, 30
"""As in bench/benchmarks/test_overhead.py."""
SLICE = 0.04
"""Deviation of the log ratio of two slices: 0.03 to 0.05 in the committed rows of the overhead."""


def outcomes(effects: list[Effects], tries: int) -> list[Outcome]:
    """Of ratios by blocks, of the harness's overhead, and of the interval of a row's seconds."""
    found = []
    for blocks, rounds in ((2, 2), (3, 2), (4, 2), (4, 10), (8, 2)):
        name = f"ratio of two variants, {blocks} blocks of {rounds} rounds"
        simulate = partial(told_apart, blocks=blocks, rounds=rounds)
        found.append(outcome(name, WHERE, 0.05, simulate, effects, tries))
    found.append(
        outcome(
            "the same, 1 block of 10 rounds: no interval", WHERE, None, partial(told_apart, rounds=10), effects, 500
        )
    )
    another = [replace(each, run=max(each.run, 0.01)) for each in effects]
    found.append(
        outcome(
            "ratio, 4 blocks, read as that of every other day too, where days differ by 1 %",
            WHERE,
            0.05,
            partial(told_apart, blocks=4, rounds=2),
            another,
            tries,
            claimed=False,
        )
    )
    name = f"overhead of the harness, {PROCESSES} processes of {SLICES} pairs"
    found.append(outcome(name, "bench/benchmarks/test_overhead.py", 0.05, overhead, effects, tries // 4))
    name = "seconds of a row, 4 blocks of 2 rounds (behind *not steady*)"
    found.append(outcome(name, "bench/stats/components.py", 0.05, missed, effects, tries))
    return found


def told_apart(effects: Effects, rng: np.random.Generator, tries: int, blocks: int = 1, rounds: int = 2) -> float:
    """How often two equally fast variants are told apart."""
    numbers, found = block_numbers(blocks, rounds), 0
    for _ in range(tries):
        one, other = effects.logs(rng, 2, blocks, rounds)
        found += paired_ratio(seconds(one), seconds(other), numbers).distinguishable
    return found / tries


def overhead(effects: Effects, rng: np.random.Generator, tries: int) -> float:
    """How often a harness that costs nothing is told from the bare loop, whose memory lies elsewhere every time."""
    numbers, found = block_numbers(PROCESSES, SLICES), 0
    for _ in range(tries):
        place = effects.process * rng.standard_normal((PROCESSES, 1))
        logs = place + SLICE * rng.standard_normal((PROCESSES, SLICES))
        found += paired_ratio(seconds(logs), [1.0] * len(numbers), numbers).distinguishable
    return found / tries


def missed(effects: Effects, rng: np.random.Generator, tries: int) -> float:
    """How often the interval of a variant's mean log seconds misses them."""
    numbers, found = block_numbers(4, 2), 0
    for _ in range(tries):
        row = components(seconds(replace(effects, run=0.0).logs(rng, 1, 4, 2)[0]), numbers)
        found += abs(float(row.means.mean())) > row.half_width
    return found / tries
