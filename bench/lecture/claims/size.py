"""What does colour cost?"""

from __future__ import annotations

from bench.lecture import facts
from bench.lecture.claims.finding import NOT_REPRODUCED, REPRODUCED, Finding, of_frameworks
from bench.lecture.evidence import FRAMEWORKS, Evidence


def colour(evidence: Evidence) -> Finding:
    """Three input channels cost 300 parameters more than one, all of them in conv1.

    What a backend gives out is counted and held against the lecture's numbers. Refuted by a backend that gives out
    another number, or has the difference elsewhere. A count is no sample, so that one is enough.
    """
    claim = f"colour costs {facts.COLOUR_COSTS} parameters, all in conv1: {facts.GREY_TOTAL:,}"
    claim += f" become {facts.COLOUR_TOTAL:,}"
    verdicts, measured = [], {}
    for framework in FRAMEWORKS:
        own = [counts for label, counts in evidence.parameters.items() if label.startswith(f"{framework}:")]
        for counts in own:
            verdicts.append(REPRODUCED if _as_said(counts) else NOT_REPRODUCED)
        if own:
            shown = next((counts for counts in own if not _as_said(counts)), own[0])
            where = ", ".join(f"{count:+} in {name}" for name, count in _more(shown).items())
            measured[framework] = f"{sum(shown.values()):,} ({where})"
    return Finding(claim, of_frameworks(verdicts), measured)


def _as_said(counts: dict[str, int]) -> bool:
    return sum(counts.values()) == facts.COLOUR_TOTAL and _more(counts) == {"conv1.weight": facts.COLOUR_COSTS}


def _more(counts: dict[str, int]) -> dict[str, int]:
    """How many elements more each parameter has than for grey images; those that have as many are left out."""
    grey = facts.GREY_COUNTS
    more = {name: counts.get(name, 0) - grey.get(name, 0) for name in (*counts, *(n for n in grey if n not in counts))}
    return {name: count for name, count in more.items() if count}
