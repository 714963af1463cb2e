"""The rungs of the ladder, in order: each a file of this folder.

Each rung assumes those before it, so the first that fails is where the cause is: gradients are compared on the
oracle's parameters, and the optimizer is given the backend's own gradients.
"""

from __future__ import annotations

from bench.parity.rungs import (
    contract,
    data,
    determinism,
    forward,
    gradients,
    loss,
    memory,
    optimizer,
    prediction,
    round_trip,
    sequence,
    trajectory,
)
from bench.parity.rungs.base import Kind

RUNGS: dict[str, Kind] = {
    module.RUNG.name: module.RUNG
    for module in (
        contract,
        round_trip,
        data,
        forward,
        loss,
        gradients,
        optimizer,
        trajectory,
        memory,
        sequence,
        prediction,
        determinism,
    )
}
