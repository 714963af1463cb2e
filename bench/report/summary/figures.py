"""The figures of a comparison in a summary: the sentence that comes first, and their table."""

from __future__ import annotations

from collections.abc import Sequence

from bench.report.document import Grid, Spans, Strong
from bench.report.summary.text import cut
from bench.report.tables.cells import number
from bench.report.terminal.comparison import MUCH, change_text
from bench.stats.change import FASTER, NOT_JUDGED, SLOWER, Figure, slower_than

MORE = "More blocks narrow it."
EPOCH = "epoch"
"""The figure that is shown of every variant."""


def main_figures(figures: Sequence[Figure]) -> list[Figure]:
    """Those that are shown unfolded: every variant's epoch, and all that changed."""
    return [each for each in figures if each.measure.name == EPOCH or each.verdict in (SLOWER, FASTER)]


def figure_grid(figures: Sequence[Figure]) -> Grid:
    """The figures as a table: what each was, what it is, its change and the verdict."""
    header = ["variant", "figure", "old, s", "new, s", "change (95 % interval)", "verdict"]
    rows = []
    for each in figures:
        verdict = Strong(each.verdict) if each.verdict in (SLOWER, FASTER) else each.verdict
        seconds = [number(value, "{:.3g}") for value in (each.old, each.new)]
        change = cut(each.reason) or change_text(each)
        rows.append([each.label, each.measure.name, *seconds, change, verdict])
    return Grid(header, ["left", "left", "right", "right", "right", "left"], rows)


def percent(fraction: float) -> str:
    """A change in percent; in words where nobody needs the figure."""
    return f"{100 * fraction:.0f} %" if fraction < MUCH else "any amount"


def headline(figures: Sequence[Figure], fail_over: float | None, unjudged: str = "") -> Spans:
    """What the figures come to, and what that means for the limit.

    Args:
        figures: of the comparison.
        fail_over: the limit in percent; None for none.
        unjudged: why figures without a reason of their own could not be judged.
    """
    judged = [each for each in figures if each.verdict != NOT_JUDGED]
    if not judged:
        return [*_nothing(figures, unjudged), *_no_limit(fail_over)]
    slower, faster = (sum(each.verdict == verdict for each in judged) for verdict in (SLOWER, FASTER))
    over = [] if fail_over is None else slower_than(figures, fail_over)
    if over:
        names = ", ".join(f"{each.label} {each.measure.name} {change_text(each)}" for each in over)
        told: list[str] = [Strong(f"Slower by more than {fail_over:g} %:"), f"{names}."]
    elif slower or faster:
        told = [Strong(f"Of {len(judged)} figures, {slower} became slower and {faster} faster.")]
    else:
        told = [Strong(f"No difference beyond noise in {len(judged)} figures.")]
    if fail_over is not None and slower and not over:
        told.append(f"None is slower by more than {fail_over:g} % with its whole interval.")
    if not over:
        told += _unseen(judged, fail_over)
    if left_out := len(figures) - len(judged):
        told.append(f"{left_out} more could not be judged.")
    return told


def _nothing(figures: Sequence[Figure], unjudged: str) -> Spans:
    if not figures:
        return [Strong("No verdict: nothing was compared."), "There is no time that both sides have."]
    reasons = dict.fromkeys(each.reason or unjudged for each in figures)
    why = "; ".join(filter(None, reasons))
    told = f"None of {len(figures)} figures could be judged{f': {cut(why)}' if why else ''}."
    return [Strong("No verdict: nothing could be judged."), told]


def _unseen(judged: Sequence[Figure], fail_over: float | None) -> Spans:
    """How large a change could have been: a comparison of few blocks finds none, and that shows nothing."""
    needed = [each.needed for each in judged if each.needed is not None]
    blind = [each for each in needed if fail_over is not None and 100 * each > fail_over]
    if min(needed, default=MUCH) >= MUCH:
        return [Strong("The blocks are too noisy to show a change of any size."), MORE]
    if blind:
        found = f"{len(blind)} of {len(needed)} figures are too noisy to show a change of {fail_over:g} %"
        return [Strong(f"{found}; they show one of more than {_range(blind)}."), MORE]
    return [f"A change of more than {_range(needed)} would have been found."]


def _range(fractions: Sequence[float]) -> str:
    least, most = percent(min(fractions)), percent(max(fractions))
    return least if least == most else f"{least} ({most} at worst)"


def _no_limit(fail_over: float | None) -> Spans:
    if fail_over is None:
        return []
    return [f"The limit of {fail_over:g} % has nothing to go by, so the command failed."]
