"""Rung 12: two runs from the same parameters give the same bits; reported and not required.

Atomic additions on a GPU make correct programs differ from run to run. That both runs agree with the oracle is a matter
of the trajectory.
"""

from __future__ import annotations

from bench.parity.rungs.base import Climb, Kind
from bench.parity.verdict import Measured


def compare(climb: Climb) -> list[Measured]:
    """Steps whose losses differ between the two runs of the trajectory."""
    pairs = zip(climb.losses, climb.second_losses, strict=True)
    differ = [step for step, (a, b) in enumerate(pairs, start=1) if a != b]
    place = {"step": differ[0]} if differ else {}
    total = len(climb.losses)
    detail = f"two runs differ from step {differ[0]} of {total} on" if differ else f"{total} steps twice, bit for bit"
    return [Measured(float(len(differ)), 0, "losses of two runs", place, detail)]


RUNG = Kind(
    "determinism",
    "two runs from the same parameters give the same bits",
    compare,
    "reported, not required",
    lambda climb, failed: [],
    required=False,
)
