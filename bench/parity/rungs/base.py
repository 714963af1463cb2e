"""What every rung is made of, and what all of them share on the way up."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bench.guard.backend import Guarded
from bench.parity.oracle import Expected
from bench.parity.verdict import FAILED, PASSED, REPORTED, Measured, Rung
from impls.reference.rounding import MANTISSA_BITS, truncated


class Advice(str):
    """What to look at or to try next, among a rung's causes: shown as "Next:" and not as a cause."""


class Climb:
    """One backend on its way up.

    Attributes:
        backend: under test, guarded.
        expected: the oracle's answers.
        train: the training split, resident on the backend's device.
        test: the test split, likewise.
        short_test: the first `Expected.short_test` images of the test split, likewise.
        losses: of the trajectory, once that rung has run.
        second_losses: of the trajectory run once more.
        left_out: what the rung at hand does not look at here, and why.
    """

    def __init__(self, backend: Guarded, expected: Expected, train: Any, test: Any, short_test: Any) -> None:
        self.backend, self.expected = backend, expected
        self.train, self.test, self.short_test = train, test, short_test
        self.losses: list[float] = []
        self.second_losses: list[float] = []
        self.left_out: list[str] = []


@dataclass(frozen=True)
class Kind:
    """A rung as a kind of comparison.

    Attributes:
        name: of the rung.
        claim: what passing it means.
        compare: makes its comparisons, in the order in which the computation makes what they compare.
        source: where their tolerances come from.
        causes: known mistakes that would make a given failure, and `Advice`; asked only where one failed.
        required: whether a failure makes the backend different; otherwise it is reported.
        slight: what a failed comparison is about, if that hardly matters ("tied maxima"); else empty.
    """

    name: str
    claim: str
    compare: Callable[[Climb], list[Measured]]
    source: str
    causes: Callable[[Climb, Measured], list[str]]
    required: bool = True
    slight: Callable[[Measured], str] = lambda failed: ""

    def climb(self, state: Climb) -> Rung:
        """Take this rung.

        Raises:
            BackendError: a method raised, or returned what the contract does not allow.
        """
        begin = time.perf_counter()
        state.left_out = []
        comparisons = self.compare(state)
        left_out = state.left_out
        failed = [c for c in comparisons if c.ratio > 1]
        suggested: list[str] = []
        if failed:
            state.backend.entering("the search for causes")
            suggested = self.causes(state, failed[0])
        about = {self.slight(c) for c in failed}
        rung = Rung.of(
            self.name,
            comparisons,
            causes=[each for each in suggested if not isinstance(each, Advice)],
            advice=[str(each) for each in suggested if isinstance(each, Advice)],
            only="" if "" in about else " and ".join(sorted(about)),
            source=self.source,
            seconds=time.perf_counter() - begin,
            left_out=left_out,
        )
        if rung.status == FAILED and not self.required and comparisons:
            return replace(rung, status=REPORTED)
        if rung.status == PASSED and rung.tolerance == 0:  # nothing differs, so there is no place that differs most
            return replace(rung, where=self.claim, place={})
        return rung


def compare_arrays(found: np.ndarray, true: np.ndarray, tolerance: float, what: str, **place: Any) -> Measured:
    """The `bench.parity.noise.relative_error` of two arrays of one shape, and where it is largest.

    A value that is not finite is off by infinity.
    """
    difference = np.abs(np.asarray(found, np.float64) - true)
    difference[~np.isfinite(difference)] = np.inf
    index = np.unravel_index(int(np.argmax(difference)), difference.shape)
    error = float(difference[index]) / (float(np.abs(true).max()) or 1.0)
    place["index"] = [int(i) for i in index]
    detail = f"{found[index]:.7g} where the oracle has {true[index]:.7g}"
    evidence = None if error <= tolerance else (found, true)
    return Measured(error, tolerance, what, place, detail, evidence)


def compare_with_float32(climb: Climb, errors: dict[str, float], what: str, **place: Any) -> list[Measured]:
    """Whether a backend that claims a lower precision is as exact as float32, which its rounded products are not.

    Args:
        climb: of the backend.
        errors: relative errors, by quantity as in `bench.parity.cases.Case.tolerance`.
        what: was measured.
        place: of it.

    Returns:
        One comparison: 1 if every error is within float32's tolerance, else 0. None of a backend in float32.
    """
    allowed = climb.expected.float32_tolerance
    if not allowed:
        return []
    exact = all(error <= allowed[name] for name, error in errors.items())
    detail = f"{max(errors.values()):.2g} off, where float32 explains {max(allowed[name] for name in errors):.2g}"
    return [Measured(float(exact), 0, f"{what} as exact as float32's", place, detail if exact else "")]


def not_lower(climb: Climb, failed: Measured) -> list[str]:
    """The cause where a lower precision is claimed and not used."""
    if not failed.what.endswith("as exact as float32's"):
        return []
    return [f"this is float32 and not {climb.expected.precision}: no product rounds its operands"]


def are_bfloat16(x: np.ndarray) -> bool:
    """Whether every value is a bfloat16 number, which float32 arithmetic leaves but by chance."""
    return bool((truncated(x, MANTISSA_BITS["bf16"]) == x).all())


def compare_bits(found: np.ndarray, what: str, **place: Any) -> Measured:
    """How many values there are if all of them `are_bfloat16`, else 0.

    A loss rounded to bfloat16 is off by less than layers in bfloat16 may make it, so that no tolerance would tell.
    """
    count = found.size if are_bfloat16(found) else 0
    return Measured(float(count), 0, what, place, f"each of the {count:,} is a bfloat16 number" if count else "")
