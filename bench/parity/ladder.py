"""Climb the ladder: rung after rung until one fails."""

from __future__ import annotations

from typing import Any

from bench.parity.oracle import Expected
from bench.parity.rungs import RUNGS, Climb
from bench.parity.verdict import FAILED, SKIPPED, Report, Rung
from impls.contract import Backend
from impls.errors import BackendError, LenetError


def climb(backend: Backend, expected: Expected, train: Any, test: Any) -> Report:
    """Hold a backend against the oracle, rung by rung.

    Args:
        backend: freshly made.
        expected: the oracle's answers for the data set.
        train: the training split as the backend's ``to_device`` returned it.
        test: the test split, likewise.

    Returns:
        A result for every rung; those above the first failed one are skipped, since they would fail for a
        cause already named.

    Raises:
        BackendError: a method raised, or returned what the contract does not allow; the sentence names it.
    """
    state = Climb(backend, expected, train, test)
    rungs: list[Rung] = []
    for name, rung in RUNGS.items():
        if any(result.status == FAILED for result in rungs):
            rungs.append(Rung(name, SKIPPED))
            continue
        try:
            rungs.append(Rung.of(name, rung(state)))
        except LenetError:
            raise
        except Exception as error:
            raise BackendError(f"The rung '{name}' ended with {type(error).__name__}: {error}") from error
    return Report(rungs, state.losses)
