"""Every mistake, in the order of the page."""

from __future__ import annotations

from typing import Any

from bench.pitfalls.mistake import Mistake
from bench.pitfalls.mistakes import (
    compilation,
    epsilon,
    initial,
    last_batch,
    loader,
    one_seed,
    other_process,
    rounds,
    shuffle,
    tf32,
    training_mode,
    unfinished,
)

MISTAKES: tuple[Mistake[Any], ...] = (
    unfinished.MISTAKE,
    compilation.MISTAKE,
    initial.MISTAKE,
    shuffle.MISTAKE,
    loader.MISTAKE,
    tf32.MISTAKE,
    epsilon.MISTAKE,
    other_process.MISTAKE,
    one_seed.MISTAKE,
    rounds.MISTAKE,
    last_batch.MISTAKE,
    training_mode.MISTAKE,
)
"""A new one needs a file of its own and its name here."""

BY_KEY = {mistake.key: mistake for mistake in MISTAKES}
