"""*Not steady*: how often is it said of a quiet machine's rows, and of rows with a planted disturbance?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy import stats

from bench.simulation.effects import Effects, block_numbers, seconds
from bench.simulation.outcome import Outcome, outcome
from bench.timing.stability import complaints, recompiled

WHERE = "bench/timing/stability.py"
Disturb = Callable[[np.random.Generator, np.ndarray], None]


def nothing(rng: np.random.Generator, row: np.ndarray) -> None:
    """A quiet machine."""


def competing_process(rng: np.random.Generator, row: np.ndarray) -> None:
    """In one block another program takes a part of the cores: rounds take 1.3 to 1.7 times as long."""
    row[rng.integers(len(row))] += np.log(rng.uniform(1.3, 1.7, row.shape[1]))


def clock_that_drops(rng: np.random.Generator, row: np.ndarray) -> None:
    """From some round on, the clock is two thirds of what it was."""
    row.reshape(-1)[rng.integers(1, row.size) :] += np.log(1.5)


def slow_process(rng: np.random.Generator, row: np.ndarray) -> None:
    """One process is slower by two fifths, as committed rows of evaluations are in one block of four."""
    row[rng.integers(len(row))] += np.log(1.4)


@dataclass(frozen=True)
class Warned:
    """How often rows are said to be not steady, a row of the page.

    Attributes:
        disturbance: in words.
        shares: of rows, for each number of blocks and rounds and each set of effects.
    """

    disturbance: str
    shares: list[float]


DISTURBANCES: dict[str, Disturb] = {
    "none: a quiet machine": nothing,
    "a competing process in one block, 1.3 to 1.7 times as long": competing_process,
    "a clock that drops to two thirds from some round on": clock_that_drops,
    "one process that is slower by 40 %": slow_process,
}
SHAPES = ((2, 3), (3, 2), (4, 2), (4, 10), (8, 2))
"""Blocks, and rounds of each."""


def warned(effects: Effects, rng: np.random.Generator, tries: int, shape: tuple[int, int], disturb: Disturb) -> float:
    """The share of rows that are said to be not steady."""
    numbers, found = block_numbers(*shape), 0
    for _ in range(tries):
        row = replace(effects, run=0.0).logs(rng, 1, *shape)[0]
        disturb(rng, row)
        found += bool(complaints(seconds(row), numbers))
    return found / tries


def shares(effects: Effects, tries: int) -> list[Warned]:
    """Of every disturbance, for each of `SHAPES`."""
    return [
        Warned(name, [warned(effects, np.random.default_rng(0), tries, shape, disturb) for shape in SHAPES])
        for name, disturb in DISTURBANCES.items()
    ]


def outcomes(effects: list[Effects], tries: int) -> list[Outcome]:
    """Of the tests behind the warnings."""
    return [
        outcome("blocks in order, 6 blocks (Kendall)", WHERE, 0.01, partial(in_order, blocks=6), effects, tries // 4),
        outcome("rounds that move alike, 4 blocks of 4 rounds", WHERE, 0.01, moving, effects, tries // 4),
        outcome("a second epoch that is 10 % longer *compiles again*, 4 blocks", WHERE, None, compiles, effects, 2000),
    ]


def in_order(effects: Effects, rng: np.random.Generator, tries: int, blocks: int) -> float:
    """How often steady blocks are said to follow one another in order, however small the change."""
    logs = np.array([effects.logs(rng, 1, blocks, 2)[0].mean(axis=1) for _ in range(tries)])
    return float(np.mean([stats.kendalltau(range(blocks), each).pvalue < 0.01 for each in logs]))


def moving(effects: Effects, rng: np.random.Generator, tries: int) -> float:
    """How often rounds of steady blocks are said to move, however little."""
    logs = np.array([effects.logs(rng, 1, 4, 4)[0] for _ in range(tries)])
    trends = logs @ np.array([-0.9, -0.3, 0.3, 0.9])  # three times the slope of a straight line
    return float(np.mean(stats.ttest_1samp(trends, 0, axis=1).pvalue < 0.01))


def compiles(effects: Effects, rng: np.random.Generator, tries: int) -> float:
    """How often a second epoch that is a tenth longer, as on a CPU, is said to compile something."""
    numbers, found = block_numbers(4, 2), 0
    for _ in range(tries):
        logs = effects.logs(rng, 1, 4, 3)[0]
        found += bool(recompiled(seconds(logs[:, 1:]), numbers, seconds(logs[:, :1] + np.log(1.1))))
    return found / tries
