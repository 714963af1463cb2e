"""Rung 10: two runs from the same parameters give the same bits; reported and not required.

Atomic additions on a GPU make correct programs differ from run to run.
"""

from __future__ import annotations

from bench.parity.rungs.kind import Climb, Kind
from bench.parity.rungs.trajectory import train
from bench.parity.verdict import Measured


def compare(climb: Climb) -> list[Measured]:
    """Steps whose losses differ between two runs of the trajectory."""
    first = climb.losses or train(climb)
    second = train(climb)
    differ = [step + 1 for step, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    place = {"step": differ[0]} if differ else {}
    detail = f"first at step {differ[0]} of {len(first)}" if differ else f"{len(first)} steps twice, bit for bit"
    return [Measured(float(len(differ)), 0, "losses of two runs", place, detail)]


RUNG = Kind(
    "determinism",
    "two runs from the same parameters give the same bits",
    compare,
    "reported, not required",
    lambda climb, failed: [],
    required=False,
)
