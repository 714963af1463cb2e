"""How fast could the device be? One large matrix product and one large copy, in the backend's own framework."""

from __future__ import annotations

import time
from collections.abc import Callable

from impls.contract import Probe

MATRIX, MATRIX_ON_CPU = 8192, 2048
"""Rows of the square matrices on an accelerator and a CPU; large enough to keep every unit of the device busy."""
COPY, COPY_ON_CPU = 2**28, 2**26
"""Elements of the copied array, float32: larger than any cache."""
TRIES = 5


def measure(probe: Probe, device: str) -> dict[str, float]:
    """The device's ceilings: the best of a few tries, for a ceiling is what can be reached.

    Args:
        probe: the backend's.
        device: as ``--device`` takes it.

    Returns:
        ``ceiling_flops_per_second`` (2n³ operations a product of n x n matrices) and ``ceiling_bytes_per_second``
        (every element read once and written once).
    """
    size, elements = (MATRIX_ON_CPU, COPY_ON_CPU) if device == "cpu" else (MATRIX, COPY)
    return {
        "ceiling_flops_per_second": 2 * size**3 / _best(probe.matrix_product(size)),
        "ceiling_bytes_per_second": 2 * 4 * elements / _best(probe.copy(elements)),
    }


def _best(run: Callable[[], None]) -> float:
    """Seconds of the fastest of a few tries; the first is not counted."""
    run()
    seconds = []
    for _ in range(TRIES):
        begin = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)
