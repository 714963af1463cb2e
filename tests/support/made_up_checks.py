"""What a check might have found, without a check."""

from __future__ import annotations

from typing import Any

from bench.parity.memory import COUNTS, STEPS
from bench.parity.rungs import RUNGS
from bench.parity.verdict import PASSED, SKIPPED, Measured, Rung


def found(**more: Any) -> dict[str, Any]:
    """A check's findings as its JSON has them, but for the rungs."""
    return {
        "schema": 1,
        "spec": 2,
        "suite": "0.1.0",
        "commit": "0123456789",
        "suite_code": "5012e",
        "code": "c0de",
        "date": "2026-01-01T00:00:00+00:00",
        "command": "lenet-bench check my.module:Mine:plain --spec 2",
        "backend": "my.module:Mine",
        "variant": "plain",
        "device": "cpu",
        "device_name": "Abacus, 2 cores",
        "precision": "fp32",
        "threads": 2,
        "seed": 0,
        "synthetic": 0,
        "data_fingerprint": "cifar10-x",
        "versions": {"python": "3.11.7", "numpy": "2.4.6"},
        "environment": {"OMP_NUM_THREADS": "2"},
        "verdict": "equivalent",
        "error": None,
        "seconds": 12.3,
    } | more


def memory(counts: tuple[int, ...] = COUNTS) -> Rung:
    """The rung of memory, of a backend that takes in these counts."""
    steps = [f"step {STEPS}", *(f"step {count + 1:,}, from a state taken in" for count in counts)]
    return Rung.of("memory", [Measured(0.1, 1.0, f"fc3.bias after {step}", {"step": step}) for step in steps])


def rungs(failing: Rung | None = None, counts: tuple[int, ...] = COUNTS) -> list[Rung]:
    """Every rung: passed, but for one that failed and those above it."""
    taken: list[Rung] = []
    for name in RUNGS:
        if failing in taken:
            taken.append(Rung(name, SKIPPED))
        elif failing and name == failing.name:
            taken.append(failing)
        else:
            taken.append(memory(counts) if name == "memory" else Rung.of(name, [Measured(0.0, 0, "everything")]))
    assert all(rung.status != PASSED or rung.comparisons for rung in taken)
    return taken
