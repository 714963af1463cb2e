"""Why one round of a variant takes longer than another, as deviations of log seconds, and made-up rounds of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Effects:
    """Standard deviations of effects on log seconds: 0.03 is 3 %. All effects are independent and normal.

    Attributes:
        run: of a variant in a whole run, beside the machine's own speed: the same in all of its blocks.
        block: of a block, on all variants alike.
        process: of one variant's process in one block.
        round: of a round, on all variants alike.
        rest: of one variant in one round.
    """

    run: float
    block: float
    process: float
    round: float
    rest: float

    def logs(self, rng: np.random.Generator, variants: int, blocks: int, rounds: int) -> np.ndarray:
        """Log seconds of one run, (variants, blocks, rounds), around 0: all variants are equally fast."""
        draw = rng.standard_normal
        return np.asarray(
            self.run * draw((variants, 1, 1))
            + self.block * draw((1, blocks, 1))
            + self.process * draw((variants, blocks, 1))
            + self.round * draw((1, blocks, rounds))
            + self.rest * draw((variants, blocks, rounds))
        )


def block_numbers(blocks: int, rounds: int) -> list[int]:
    """The block of every round, in order, as rows have it."""
    return [block for block in range(blocks) for _ in range(rounds)]


def seconds(logs: np.ndarray) -> list[float]:
    """Rounds in order, as rows have them, of one variant's (blocks, rounds)."""
    return [float(value) for value in np.exp(logs).ravel()]
