"""Figures as the text of a table's cell."""

from __future__ import annotations

from statistics import median
from typing import Any

from bench.parity.verdict import Rung
from bench.stats.ratio import has_interval

NOTHING = "–"
"""Shown where a figure was not measured."""


def number(value: Any, form: str) -> str:
    """A figure as text, where it was measured."""
    return NOTHING if value is None else form.format(value)


def middle(values: list[float], form: str = "{:.2f}") -> str:
    """The median as text, where anything was measured."""
    return form.format(median(values)) if values else NOTHING


def agreement_text(record: dict[str, Any]) -> str:
    """The verdict that a record was measured under."""
    if record["verdict"] == "equivalent":
        return "equivalent"
    return f"{record['verdict']} ({record['first_failed_rung']})"


def rung_figures(rung: Rung) -> tuple[str, str]:
    """How far off a rung is, and how far off it may be; the latter is "" where it must be exact."""
    if rung.measured is None or rung.tolerance is None:
        return NOTHING, ""
    if rung.tolerance == 0:
        return (f"{rung.measured:g}" if rung.measured else "exact"), ""
    return f"{rung.measured:.1e}", f"{rung.tolerance:.1e}"


def spread_text(seconds: list[float]) -> str:
    """Least and greatest of the rounds, and how many there were."""
    if not seconds:
        return NOTHING
    if len(seconds) == 1:
        return "1 round"
    return f"{min(seconds):.2f}–{max(seconds):.2f} ({len(seconds)})"


def ratio_text(record: dict[str, Any] | None, label: str, other: str) -> str:
    """The ratio to another variant with its 95 % interval; in words where it cannot be told from 1."""
    if record is None:
        return NOTHING
    if label == other:
        return "1"
    ratio = record.get("ratios", {}).get(other)
    if ratio is None:
        return NOTHING
    if not has_interval(ratio, record.get("blocks", [])):
        return f"{ratio['value']:#.3g} (one pair)"
    value, low, high = (f"{ratio[key]:#.3g}" for key in ("value", "low", "high"))
    if ratio["low"] <= 1 <= ratio["high"]:
        return f"not distinguishable ({low}–{high})"
    return f"{value} ({low}–{high})"


def work_text(work: dict[str, Any]) -> str:
    """How far the timed epochs were from what the baseline trains, as a part of what is allowed."""
    if not work:
        return NOTHING
    if "share" not in work:
        return "not compared"
    epochs = f"{work['epochs']} epochs"
    if work["trained"] > work["epochs"]:
        epochs = f"{work['epochs']} of {work['trained']} epochs"
    if work["share"] is None or work["share"] > 1:
        return f"no ({work['where']})"
    return f"yes ({work['share']:.1%} of allowed, {epochs})"
