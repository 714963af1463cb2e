"""What training runs start from."""

from __future__ import annotations

import numpy as np

from bench.parity.noise import nudged
from impls.spec import Params, initial_params


def twin_params(seed: int, scheme: str = "pytorch") -> Params:
    """The canonical initial parameters, each moved by one unit in the last place, up or down at random.

    As small a difference as float32 has: what training makes of it is what it makes of any rounding.
    """
    # `initial_params` draws from default_rng(seed) itself; a spawned generator shares none of its numbers.
    return nudged(initial_params(seed, scheme), np.random.default_rng(seed).spawn(1)[0])


def start_params(seed: int, scheme: str = "pytorch", *, twin: bool) -> Params:
    """What a run starts from."""
    return twin_params(seed, scheme) if twin else initial_params(seed, scheme)
