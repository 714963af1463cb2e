"""Rounds of one process taken for an interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from statistics import median

from bench.base.settings import BASELINE
from bench.pitfalls import words
from bench.pitfalls.committed import FullRun, Source, full_run
from bench.pitfalls.lab import Lab, block_ratio
from bench.pitfalls.mistake import Mistake, Thread, Told
from bench.stats.ratio import Ratio, paired_ratio
from bench.timing.block import Block
from impls.errors import LenetError

BLOCKS = 6
AGAIN = "impls.pytorch.eager:PyTorch"
"""The baseline's class by another name, so that it is timed against itself."""


@dataclass(frozen=True)
class Figures:
    """Of one program that is timed against itself, and of a stored run.

    Attributes:
        images: made-up ones, in an epoch.
        rounds: of each pair of processes.
        by_rounds: of each pair, the ratio with an interval over its rounds.
        by_blocks: of all, with the interval over blocks.
        source: of the stored run; None where there is none.
        narrower: by how much an interval over all rounds of two of its variants is narrower than that over blocks, a
            median over pairs of variants; None likewise.
    """

    images: int
    rounds: int
    by_rounds: list[Ratio]
    by_blocks: Ratio
    source: Source | None
    narrower: float | None

    @property
    def apart(self) -> list[Ratio]:
        """The pairs that an interval over rounds tells apart."""
        return [ratio for ratio in self.by_rounds if ratio.distinguishable]


def measure(lab: Lab) -> Figures:
    """Time one program against itself; and take both intervals of a stored run."""
    blocks = lab.blocks([BASELINE, AGAIN], BLOCKS)
    try:
        run: FullRun | None = full_run(lab, [BASELINE])
    except LenetError:
        run = None
    return Figures(
        images=lab.timing.train_size,
        rounds=len(blocks[0].courses[BASELINE].epoch_seconds),
        by_rounds=[_over_rounds(each) for each in blocks],
        by_blocks=block_ratio(blocks, AGAIN, BASELINE),
        source=run.source if run else None,
        narrower=_narrower(run) if run else None,
    )


def _over_rounds(block: Block) -> Ratio:
    one, other = block.courses[AGAIN].epoch_seconds, block.courses[BASELINE].epoch_seconds
    shared = min(len(one), len(other))
    return paired_ratio(one[:shared], other[:shared], range(shared))


def _narrower(run: FullRun) -> float | None:
    shares = []
    for one, other in combinations(run.device.timed, 2):
        blocks, rounds = _width(run.ratio(one, other)), _width(run.ratio_by_rounds(one, other))
        if blocks and rounds:
            shares.append(rounds / blocks)
    return 1 - median(shares) if shares else None


def _width(ratio: Ratio) -> float | None:
    """Of an interval, in logarithms."""
    return math.log(ratio.high / ratio.low) if ratio.low and ratio.high else None


def tell(figures: Figures) -> Told:
    """What the figures say."""
    farthest = max(figures.by_rounds, key=lambda ratio: abs(math.log(ratio.value)))
    stored = ""
    if figures.source and figures.narrower is not None:
        stored = (
            f" In a stored run ({figures.source.words}) an interval over all rounds is narrower by "
            f"{figures.narrower:.0%} than that over blocks (median over pairs of variants)."
        )
    return Told(
        f"a program is told from itself in {len(figures.apart)} of {len(figures.by_rounds)} pairs of processes",
        f"{words.faster(farthest, 'the second', 'the first')} (95 %, {figures.rounds} rounds each).",
        f"Over {len(figures.by_rounds)} pairs of processes, "
        f"{words.faster(figures.by_blocks, 'the second', 'the first')}.",
        f"{BASELINE} against itself, {figures.rounds} rounds of {figures.images:,} made-up images in turn, in "
        f"{len(figures.by_rounds)} pairs of fresh processes. An interval over the rounds of one pair should miss 1 in "
        f"one case of twenty.{stored}",
    )


MISTAKE = Mistake(
    "rounds",
    "Rounds of one process taken for an interval",
    "Each program is started once and timed many times; the scatter of the rounds gives the interval. But where the "
    "memory of a process lies makes all of its rounds faster or slower, and no number of rounds shows it.",
    (
        Thread(
            "python/mypy",
            18285,
            "With random hash seeds, some builds were consistently faster or slower than others of the same commit.",
            pull=True,
        ),
        Thread(
            "ionelmc/pytest-benchmark",
            262,
            "Asks for benchmarks in several processes: each has a random hash seed, which no number of rounds in one "
            "process shows; and to fix the seed distorts the result.",
        ),
    ),
    "A block starts every variant anew, and the interval of a ratio is over blocks. One block has no interval.",
    ("bench/stats/ratio.py", "bench/timing/block.py", "bench/stats/components.py"),
    Figures,
    measure,
    tell,
)
