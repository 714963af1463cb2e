"""A failed rung in lines for people: what it looks like, what to do next, and the lines that list it as known."""

from __future__ import annotations

from bench.parity.known_deviations import KnownDeviations
from bench.parity.verdict import Rung

TO_PASTE = "What fails here, as lines for --xfails-file"
"""The heading of `lines_to_paste`."""

MOST_LINES = 5
"""Failed comparisons of a rung that are named; the rest are counted."""


def explanation(rung: Rung, known: KnownDeviations) -> list[str]:
    """Why a rung failed, and its failed comparisons in the form of the xfails file, but for those that it has.

    Args:
        rung: that failed.
        known: what the xfails file lists.
    """
    listed, news = known.split(rung)
    first = next((each for each in rung.comparisons if each.ratio > 1), None)
    looks = "What is listed looks like" if news and first in listed else "Looks like"  # causes are of the first
    lines = [f"{looks}: {cause}." for cause in rung.causes] + [f"Next: {advice}." for advice in rung.advice]
    if new := lines_to_paste(rung, known):
        lines += [f"{TO_PASTE}:", *(f"  {line}" for line in new)]
    return lines


def lines_to_paste(rung: Rung, known: KnownDeviations) -> list[str]:
    """The first failed comparisons of a rung that are not listed, as lines of the xfails file, and how many more."""
    new = known.new_lines(rung)
    more = len(new) - MOST_LINES
    rest = [f"# and {more:,} more: lenet-bench check --json FILE writes all of them"] if more > 0 else []
    return new[:MOST_LINES] + rest
