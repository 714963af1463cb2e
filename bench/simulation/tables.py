"""The tables of `docs/statistics.md` that come from the simulation."""

from __future__ import annotations

from collections.abc import Sequence

from bench.report.escape import Markdown, code
from bench.report.tables.markdown import markdown
from bench.report.tables.table import Table
from bench.simulation.committed import Measured
from bench.simulation.outcome import Outcome
from bench.simulation.warnings import SHAPES, Warned


def effects_table(found: Sequence[Measured], run: float) -> str:
    """The measured effects, a row for each run and kind of row."""
    header = ["run", "rows", "variants, blocks, rounds", "block, %", "process, %", "round, %", "rest, %", "control, %"]
    rows = []
    for each in found:
        e = each.effects
        sizes = [f"{100 * value:.1f}" for value in (e.block, e.process, e.round, e.rest, each.control)]
        rows.append([each.name, each.kind, "{}, {}, {}".format(*each.shape), *sizes])
    note = f"Effect of a run on a variant, over the control, by the same estimate: {100 * run:.1f} %."
    return f"{markdown(Table(header, rows))}\n{note}\n"


def outcomes_table(found: Sequence[Outcome], effects: Sequence[str]) -> str:
    """The nominal error of each interval and test beside that in the simulation, a row each.

    Args:
        found: in order.
        effects: names of the sets of effects; what depends on none has one error.
    """
    rows = []
    for each in found:
        errors = [_percent(error) for error in each.errors]
        errors = errors if len(errors) == len(effects) else [errors[0]] * len(effects)
        claim = "none" if each.nominal is None else _percent(each.nominal) + ("" if each.claimed else " (not here)")
        holds = "–" if each.nominal is None or not each.claimed else "yes" if each.holds else "NO"
        rows.append([Markdown(each.name), code(each.where), claim, *errors, holds])
    return f"{markdown(Table(['what', 'where', 'claimed error', *effects, 'holds'], rows))}\n"


def warnings_table(found: Sequence[Warned]) -> str:
    """How often rows are not steady, a row for each disturbance."""
    header = ["disturbance", *(f"{blocks} blocks of {rounds} rounds" for blocks, rounds in SHAPES)]
    return f"{markdown(Table(header, [[each.disturbance, *map(_percent, each.shares)] for each in found]))}\n"


def _percent(share: float) -> str:
    if 0 < share < 0.001:
        return f"{100 * share:.3g} %"
    return f"{100 * share:.1f} %"
