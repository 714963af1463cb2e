"""The same code twice: how often does `lenet-bench compare` find a change, in two files and with ``--against``?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from bench.simulation.effects import Effects, block_numbers, seconds
from bench.simulation.outcome import Outcome, outcome
from bench.stats.change import (
    FAMILY_LEVEL,
    FASTER,
    MEASURES,
    SLOWER,
    Figure,
    figure,
    paired_figure,
    repeats_of,
    with_verdicts,
)
from bench.timing import two_builds

WHERE = "bench/stats/change.py"
EPOCH = next(measure for measure in MEASURES if measure.name == "epoch")
BLOCKS, ROUNDS = 4, 2
REPEATS, REPEATED_BLOCKS = 10, 2
"""Runs that `make repeats` makes, and their blocks."""
VARIANTS = 3

Pair = Callable[[Effects, np.random.Generator, int], list[Figure]]
"""The figures of so many variants, of one comparison of a commit with itself."""


def outcomes(effects: list[Effects], tries: int) -> list[Outcome]:
    """Of one figure and of a family, without an effect of the run and with one."""
    found = []
    for run in (0.0, 0.01, 0.02):
        with_run = [replace(each, run=run) for each in effects]
        of_run = f"a run shifting a variant by {run:.0%}" if run else "no effect of the run"
        for what, pair in (
            (f"between two files, {BLOCKS} blocks each, beside {REPEATS} repeats", two_files),
            (f"between two builds in the same {two_builds.BLOCKS} blocks (--against)", same_blocks),
        ):
            name = f"change of one figure {what}, {of_run}"
            found.append(outcome(name, WHERE, 0.05, partial(one, pair=pair), with_run, tries // 4))
            name = f"any of {VARIANTS} variants slower or faster {what}, {of_run}"
            family = partial(any_of_several, variants=VARIANTS, pair=pair)
            found.append(outcome(name, WHERE, FAMILY_LEVEL, family, with_run, tries // 4))
    return found


def rows(effects: Effects, rng: np.random.Generator, variants: int, blocks: int = BLOCKS) -> list[dict[str, Any]]:
    """A run's rows of epochs; the control is one more variant, which no run shifts."""
    *own, control = replace(effects, run=0.0).logs(rng, variants + 1, blocks, ROUNDS)
    shared = {"blocks": block_numbers(blocks, ROUNDS), "control_seconds": seconds(control)}
    return [shared | {EPOCH.key: seconds(each + effects.run * rng.standard_normal())} for each in own]


def two_files(effects: Effects, rng: np.random.Generator, variants: int) -> list[Figure]:
    """Two runs, judged with repeats of the same commit."""
    old, new = rows(effects, rng, variants), rows(effects, rng, variants)
    repeated = zip(*(rows(effects, rng, variants, REPEATED_BLOCKS) for _ in range(REPEATS)), strict=True)
    sides = enumerate(zip(old, new, repeated, strict=True))
    return [figure(str(place), EPOCH, a, b, repeats_of(EPOCH, more)) for place, (a, b, more) in sides]


def same_blocks(effects: Effects, rng: np.random.Generator, variants: int) -> list[Figure]:
    """Two builds in the same blocks; the run shifts a variant in both alike."""
    logs = replace(effects, run=0.0).logs(rng, 2 * variants, two_builds.BLOCKS, two_builds.ROUNDS)
    shift = effects.run * rng.standard_normal((variants, 1, 1))
    old, new = (np.exp(side + shift).tolist() for side in (logs[:variants], logs[variants:]))
    return [paired_figure(str(place), EPOCH, a, b) for place, (a, b) in enumerate(zip(old, new, strict=True))]


def one(effects: Effects, rng: np.random.Generator, tries: int, pair: Pair = two_files) -> float:
    """How often the 95 % interval of a single figure excludes no change."""
    found = 0
    for _ in range(tries):
        [change] = pair(effects, rng, 1)
        assert change.low is not None
        assert change.high is not None
        found += not change.low <= 0 <= change.high
    return found / tries


def any_of_several(
    effects: Effects, rng: np.random.Generator, tries: int, variants: int, pair: Pair = two_files
) -> float:
    """How often some variant is called slower or faster."""
    found = 0
    for _ in range(tries):
        judged = with_verdicts(pair(effects, rng, variants))
        found += any(each.verdict in (SLOWER, FASTER) for each in judged)
    return found / tries
