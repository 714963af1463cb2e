"""Climb the ladder: rung after rung, as a rule until one fails."""

from __future__ import annotations

from collections.abc import Callable

from bench.guard.backend import Guarded
from bench.parity.oracle import Expected
from bench.parity.rungs import RUNGS
from bench.parity.rungs.base import Climb
from bench.parity.verdict import FAILED, SKIPPED, Report, Rung
from impls.contract import Backend
from impls.data import Split
from impls.errors import BackendError, LenetError


def climb(
    take: Callable[[str], Rung],
    *,
    past_failures: bool = False,
    known: Callable[[Rung], bool] = lambda rung: False,
    on_rung: Callable[[Rung], None] = lambda rung: None,
) -> list[Rung]:
    """A result for every rung.

    Args:
        take: takes the rung of a name, wherever the backend lives: `climber`, or a worker process.
        past_failures: go on after a rung has failed. As a rule those above it are skipped, since they would
            fail for a cause already named; a rung that fails on what hardly matters (`Rung.only`) stops nothing.
        known: whether all that fails on a rung was declared before; the climb goes on past such a rung.
        on_rung: told each result as it comes.

    Raises:
        LenetError: the backend could not be checked; the sentence names the method.
    """
    rungs: list[Rung] = []
    for name in RUNGS:
        failed = [rung for rung in rungs if rung.status == FAILED and not known(rung)]
        stopped = any(not rung.only for rung in failed) and not past_failures
        try:
            rungs.append(Rung(name, SKIPPED) if stopped else take(name))
        except LenetError as error:
            if not failed:
                raise
            rungs.append(Rung(name, SKIPPED, detail=str(error)))  # the verdict is known without it
        on_rung(rungs[-1])
    return rungs


def climber(state: Climb) -> Callable[[str], Rung]:
    """Takes rungs in this process."""

    def take(name: str) -> Rung:
        try:
            return RUNGS[name].climb(state)
        except BackendError as error:
            raise BackendError(f"On the rung '{name}', {error}") from error

    return take


def check(backend: Backend, expected: Expected, train: Split, test: Split) -> Report:
    """Hold a backend against the oracle, in this process.

    Args:
        backend: freshly made.
        expected: the oracle's answers for the data set.
        train: the training split.
        test: the test split.

    Raises:
        BackendError: a method raised, or returned what the contract does not allow.
    """
    guarded = Guarded(backend)
    resident = [guarded.to_device(split) for split in (train, test, test.head(expected.short_test))]
    state = Climb(guarded, expected, *resident)
    return Report(climb(climber(state)), state.losses)
