"""How many threads NumPy's linear algebra has in a process that measures nothing itself."""

from __future__ import annotations

import os


def one_thread() -> None:
    """Give NumPy one thread, unless the user says otherwise. Call it before NumPy is imported.

    The oracle's matrices are small, and OpenBLAS's threads wait for each other in a loop. On 2 cores that other
    programs also used, its answers took 74 s with 2 threads, and 12 s with 1. Workers are given their own number.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
