"""What the ladder concludes: comparisons, one result per rung, and the verdict over all."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
REPORTED = "reported"
"""Neither passed nor failed: the rung informs."""
EQUIVALENT, DIFFERENT, INCONCLUSIVE = "equivalent", "different", "inconclusive"
NOTHING_COMPARED = "nothing was compared"


def finite(value: float | None) -> float | None:
    """A figure for JSON, which has no infinity: None where something was not finite (the detail says what)."""
    return value if value is not None and np.isfinite(value) else None


@dataclass(frozen=True)
class Measured:
    """One comparison: how far off, how far off it may be, and where.

    Attributes:
        measured: the difference, relative to the largest true value unless ``what`` says otherwise; exact
            comparisons count the elements that differ.
        tolerance: the most that is allowed.
        what: was compared; the same words in every run.
        place: as far as it applies "parameter", "layer", "case", "step", and "index" of the worst element.
        detail: what was found there and what the oracle has.
        evidence: the arrays behind it, (found, true), for the rung's causes.
    """

    measured: float
    tolerance: float
    what: str
    place: dict[str, Any] = field(default_factory=dict)
    detail: str = ""
    evidence: tuple[np.ndarray, np.ndarray] | None = field(default=None, repr=False, compare=False)

    @property
    def ratio(self) -> float:
        """Share of the tolerance that was used; over 1 is a failure, and so is NaN."""
        if self.tolerance == 0 and self.measured == 0:
            return 0.0
        ratio = self.measured / self.tolerance if self.tolerance else math.inf
        return math.inf if math.isnan(ratio) else ratio

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "measured": finite(self.measured),
            "tolerance": self.tolerance,
            "what": self.what,
            "place": self.place,
            "detail": self.detail,
        }

    @property
    def where(self) -> str:
        """What was compared, and the element that was farthest off."""
        index = self.place.get("index")
        return f"{self.what} at {index}" if index else self.what


@dataclass(frozen=True)
class Rung:
    """The result of one rung.

    Attributes:
        name: of the rung.
        status: "passed", "failed", "skipped" (a rung below it failed), "reported" or "inconclusive".
        measured: of the comparison that speaks for the rung; None where skipped, or where nothing was compared.
        tolerance: of that comparison.
        where: of that comparison, in words.
        place: the same by parameter, layer, case, step and index.
        detail: what was found there and what the oracle has.
        failures: comparisons that failed.
        causes: known mistakes that look like this failure.
        advice: what to look at or to try next, where no known mistake explains it.
        only: what all failed comparisons are about, where it hardly matters ("tied maxima"); else empty.
        seconds: that the rung took.
        source: where its tolerances come from.
        left_out: what it did not look at here, and why.
        comparisons: all of them.
    """

    name: str
    status: str
    measured: float | None = None
    tolerance: float | None = None
    where: str = ""
    place: dict[str, Any] = field(default_factory=dict)
    detail: str = ""
    failures: int = 0
    causes: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    only: str = ""
    seconds: float = 0.0
    source: str = ""
    left_out: list[str] = field(default_factory=list)
    comparisons: list[Measured] = field(default_factory=list, repr=False, compare=False)

    @classmethod
    def of(cls, name: str, comparisons: list[Measured], **more: Any) -> Rung:
        """The rung's result from all its comparisons.

        They are in the order in which the computation makes what they compare, so the first that fails is
        nearest to the cause and speaks for the rung; where none fails, the one nearest to its tolerance does. A rung
        that compared nothing has shown nothing, and fails.
        """
        if not comparisons:
            return cls(name, FAILED, where=NOTHING_COMPARED, failures=1, **more)
        failed = [c for c in comparisons if c.ratio > 1]
        speaker = failed[0] if failed else max(comparisons, key=lambda c: c.ratio)
        return cls(
            name,
            FAILED if failed else PASSED,
            speaker.measured,
            speaker.tolerance,
            speaker.where,
            speaker.place,
            speaker.detail,
            len(failed),
            comparisons=comparisons,
            **more,
        )

    def without_evidence(self) -> Rung:
        """The same result without the arrays behind it, to be sent from process to process."""
        return replace(self, comparisons=[replace(c, evidence=None) for c in self.comparisons])

    @property
    def sentence(self) -> str:
        """A failure in words: where, by how much, how much was allowed."""
        if not self.tolerance:  # exact, or nothing was compared
            text = self.where
        else:
            text = f"{self.where} is off by {self.measured:.2g}, and {self.tolerance:.2g} is allowed"
        if self.detail:
            text += f" ({self.detail})"
        if self.failures > 1:
            more = self.failures - 1
            text += f"; {more} more of the rung's {len(self.comparisons)} comparisons fail{'s' if more == 1 else ''}"
        return text

    def as_dict(self, comparisons: bool = False) -> dict[str, Any]:
        """Plain values, for JSON; with all comparisons if asked for."""
        plain: dict[str, Any] = {
            "name": self.name,
            "status": self.status,
            "measured": finite(self.measured),
            "tolerance": self.tolerance,
            "where": self.where,
            "place": self.place,
            "detail": self.detail,
            "causes": self.causes,
            "advice": self.advice,
            "only": self.only,
            "seconds": self.seconds,
            "left_out": self.left_out,
        }
        if comparisons:
            plain["source"] = self.source
            plain["comparisons"] = [c.as_dict() for c in self.comparisons]
        return plain


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
    def first_failed(self) -> Rung | None:
        """The first rung that failed, if any did; one that fails on what hardly matters, only if no other does."""
        failed = [rung for rung in self.rungs if rung.status == FAILED]
        return next((rung for rung in failed if not rung.only), failed[0] if failed else None)

    @property
    def first_failed_rung(self) -> str:
        """Its name; empty if none did."""
        return self.first_failed.name if self.first_failed else ""

    @property
    def verdict(self) -> str:
        """Whether every rung passed: "equivalent", "different", or "inconclusive" if one could not tell.

        A ladder on which no rung passed, or one was skipped, has not shown that anything is equivalent.
        """
        if self.first_failed:
            return DIFFERENT
        found = {rung.status for rung in self.rungs}
        return EQUIVALENT if PASSED in found and not found & {INCONCLUSIVE, SKIPPED} else INCONCLUSIVE

    @property
    def sentence(self) -> str:
        """The verdict in one sentence."""
        if self.first_failed:
            return self._difference(self.first_failed)
        if self.verdict == INCONCLUSIVE:
            undecided = next((rung for rung in self.rungs if rung.status in (INCONCLUSIVE, SKIPPED)), None)
            if undecided is None:
                return f"not decided: {NOTHING_COMPARED}"
            return f"not decided: {undecided.detail or f'the rung {undecided.name!r} was skipped'}"
        passed = sum(rung.status == PASSED for rung in self.rungs)
        reported = [f"; {rung.name}: {rung.detail}" for rung in self.rungs if rung.status == REPORTED]
        return f"equivalent: all {passed} rungs agree{''.join(reported)}"

    def _difference(self, first: Rung) -> str:
        slight = [rung for rung in self.rungs if rung.only]
        if not first.only:
            besides = "".join(f"; differs on {rung.only} too, on the rung '{rung.name}'" for rung in slight)
            return f"different, first on the rung '{first.name}': {first.sentence}{besides}"
        text = f"different, but only on {first.only}: on the rung '{first.name}', {first.sentence}"
        later = self.rungs[self.rungs.index(first) + 1 :]
        others = ", ".join(f"'{rung.name}'" for rung in slight[1:])
        rest = f"every later rung but {others}, where again only that differs," if others else "every later rung,"
        if all(rung.status in (PASSED, REPORTED) or rung.only for rung in later):
            return f"{text}. Every other comparison of this rung, and {rest} agrees"
        return f"{text}. Every other comparison of this rung agrees; not every later rung could be taken"

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "verdict": self.verdict,
            "first_failed_rung": self.first_failed_rung,
            "rungs": [rung.as_dict() for rung in self.rungs],
        }
