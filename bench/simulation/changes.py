"""Two runs of the same code: how often does `lenet-bench compare` find a change?"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from bench.simulation.effects import Effects, block_numbers, seconds
from bench.simulation.outcome import Outcome, outcome
from bench.stats.change import FAMILY_LEVEL, FASTER, MEASURES, SLOWER, figure, with_verdicts

WHERE = "bench/stats/change.py"
EPOCH = next(measure for measure in MEASURES if measure.name == "epoch")
BLOCKS, ROUNDS = 4, 2
VARIANTS = 3


def outcomes(effects: list[Effects], tries: int) -> list[Outcome]:
    """Of one figure and of a family, without an effect of the run and with one."""
    found = []
    for run in (0.0, 0.01, 0.02):
        with_run = [replace(each, run=run) for each in effects]
        of_run = f"a run shifting a variant by {run:.0%}" if run else "no effect of the run"
        name = f"change of one figure between two files, {BLOCKS} blocks each, {of_run}"
        found.append(outcome(name, WHERE, 0.05, one, with_run, tries // 4))
        name = f"any of {VARIANTS} variants slower or faster, {of_run}"
        family = partial(any_of_several, variants=VARIANTS)
        found.append(outcome(name, WHERE, FAMILY_LEVEL, family, with_run, tries // 4))
    return found


def rows(effects: Effects, rng: np.random.Generator, variants: int) -> list[dict[str, Any]]:
    """A run's rows of epochs; the control is one more variant, which no run shifts."""
    *own, control = replace(effects, run=0.0).logs(rng, variants + 1, BLOCKS, ROUNDS)
    shared = {"blocks": block_numbers(BLOCKS, ROUNDS), "control_seconds": seconds(control)}
    return [shared | {EPOCH.key: seconds(each + effects.run * rng.standard_normal())} for each in own]


def one(effects: Effects, rng: np.random.Generator, tries: int) -> float:
    """How often the 95 % interval of a single figure excludes no change."""
    found = 0
    for _ in range(tries):
        [old], [new] = rows(effects, rng, 1), rows(effects, rng, 1)
        change = figure("variant", EPOCH, old, new)
        assert change.p is not None
        found += change.p < 0.05
    return found / tries


def any_of_several(effects: Effects, rng: np.random.Generator, tries: int, variants: int) -> float:
    """How often some variant is called slower or faster."""
    found = 0
    for _ in range(tries):
        pairs = zip(rows(effects, rng, variants), rows(effects, rng, variants), strict=True)
        judged = with_verdicts([figure(str(place), EPOCH, old, new) for place, (old, new) in enumerate(pairs)])
        found += any(each.verdict in (SLOWER, FASTER) for each in judged)
    return found / tries
