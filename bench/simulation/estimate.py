"""The sizes of effects, from what runs measured: variants and blocks crossed, by the method of moments.

Two-way components of variance with replicates, where rounds are nested in blocks and shared by all variants (S. R.
Searle, G. Casella and C. E. McCulloch, "Variance Components", 1992, chapter 4). Estimates below 0 are taken for 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from bench.simulation.effects import Effects


def within_a_run(logs: np.ndarray, run: float = 0.0) -> Effects:
    """The effects within one run.

    Args:
        logs: log seconds, (variants, blocks, rounds), two at least of each.
        run: the effect of a run, which one run does not show.
    """
    variants, blocks, rounds = logs.shape
    of_variant = logs.mean(axis=(1, 2), keepdims=True)
    of_block = logs.mean(axis=(0, 2), keepdims=True)
    of_round = logs.mean(axis=0, keepdims=True)
    of_process = logs.mean(axis=2, keepdims=True)
    rest = (logs - of_process - of_round + of_block) ** 2
    process = (of_process - of_variant - of_block + logs.mean()) ** 2
    squares = {
        "rest": rest.sum() / ((variants - 1) * blocks * (rounds - 1)),
        "process": rounds * process.sum() / ((variants - 1) * (blocks - 1)),
        "round": variants * ((of_round - of_block) ** 2).sum() / (blocks * (rounds - 1)),
        "block": variants * rounds * ((of_block - logs.mean()) ** 2).sum() / (blocks - 1),
    }
    return Effects(
        run=run,
        block=_root((squares["block"] - squares["process"] - squares["round"] + squares["rest"]) / (variants * rounds)),
        process=_root((squares["process"] - squares["rest"]) / rounds),
        round=_root((squares["round"] - squares["rest"]) / variants),
        rest=_root(squares["rest"]),
    )


def between_runs(quotients: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """The effect of a run on a variant, from the same variants in pairs of runs of one code.

    Half the square of a difference of two runs' means is the variance of a run, and of what blocks leave open of each.

    Args:
        quotients: of each variant and pair of runs, for each run (blocks,) mean log of its seconds over the control's.
    """
    excess = [((a.mean() - b.mean()) ** 2 - a.var(ddof=1) / len(a) - b.var(ddof=1) / len(b)) / 2 for a, b in quotients]
    return _root(float(np.mean(excess))) if excess else 0.0


def pooled(found: Sequence[Effects]) -> Effects:
    """The root of the mean square of each effect."""
    return Effects(
        **{
            name: math.sqrt(float(np.mean([getattr(each, name) ** 2 for each in found])))
            for name in ("run", "block", "process", "round", "rest")
        }
    )


def _root(variance: float) -> float:
    return math.sqrt(max(0.0, float(variance)))
