"""What the ladder concludes: one result per rung, and the verdict over all."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
EQUIVALENT, DIFFERENT = "equivalent", "different"


@dataclass(frozen=True)
class Measured:
    """One comparison: how far off, how far off it may be, and where.

    ``measured`` and ``tolerance`` are relative to the largest true value; exact comparisons count the
    elements that differ, and allow none.
    """

    measured: float
    tolerance: float
    where: str

    @property
    def ratio(self) -> float:
        """Share of the tolerance that was used; over 1 is a failure, and so is NaN."""
        if self.measured <= self.tolerance:
            return self.measured / self.tolerance if self.tolerance else 0.0
        return float("inf") if self.tolerance == 0 or self.measured != self.measured else self.measured / self.tolerance


@dataclass(frozen=True)
class Rung:
    """The result of one rung.

    Attributes:
        name: of the rung.
        status: "passed", "failed", or "skipped" (a rung below it failed).
        measured: the comparison nearest to, or farthest beyond, its tolerance; None where skipped.
        tolerance: of that comparison.
        where: of that comparison: parameter, layer, step or image.
    """

    name: str
    status: str
    measured: float | None = None
    tolerance: float | None = None
    where: str = ""

    @classmethod
    def of(cls, name: str, comparisons: list[Measured]) -> Rung:
        """The rung's result from all its comparisons: the worst one speaks for it."""
        worst = max(comparisons, key=lambda c: c.ratio)
        status = PASSED if worst.ratio <= 1 else FAILED
        return cls(name, status, worst.measured, worst.tolerance, worst.where)


@dataclass(frozen=True)
class Report:
    """The ladder's whole result for one backend variant.

    Attributes:
        rungs: every rung in order.
        losses: the backend's losses on the first steps, as far as it got.
    """

    rungs: list[Rung]
    losses: list[float] = field(default_factory=list)

    @property
    def first_failed_rung(self) -> str:
        """Name of the first rung that failed; empty if none did."""
        return next((rung.name for rung in self.rungs if rung.status == FAILED), "")

    @property
    def verdict(self) -> str:
        """Whether every rung passed: "equivalent" or "different"."""
        return DIFFERENT if self.first_failed_rung else EQUIVALENT

    @property
    def sentence(self) -> str:
        """The verdict in one sentence: where it failed, by how much, and how much was allowed."""
        failed = next((rung for rung in self.rungs if rung.status == FAILED), None)
        if failed is None:
            return f"equivalent: all {len(self.rungs)} rungs passed"
        return (
            f"different from the rung '{failed.name}' on: {failed.where} is off by {failed.measured:.2g}, "
            f"and {failed.tolerance:.2g} is allowed"
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "verdict": self.verdict,
            "first_failed_rung": self.first_failed_rung,
            "rungs": [asdict(rung) for rung in self.rungs],
        }
