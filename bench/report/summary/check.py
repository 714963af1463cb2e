"""The summary of ``lenet-bench check``: is it the same computation, and where does it part?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from bench.parity.explanation import TO_PASTE, lines_to_paste
from bench.parity.known_deviations import KnownDeviations
from bench.parity.verdict import FAILED, INCONCLUSIVE, NOTHING_COMPARED, PASSED, Report
from bench.report.coverage import not_seen
from bench.report.document import Code, Grid, Items, Listing, Paragraph, Part, Spans, Strong
from bench.report.parity_page import NOTHING_NEW, READING, rung_grid
from bench.report.summary.text import Summary, cut, sentence

COMMAND = "check"
REFERENCE = "the float64 reference"


def of_check(found: Mapping[str, Any], report: Report, known: KnownDeviations | None = None) -> Summary:
    """The summary of a check.

    Args:
        found: what the check found, as its JSON has it.
        report: its rungs, as far as it came.
        known: deviations that were declared; None for none.
    """
    known = known or KnownDeviations()
    folded: dict[str, list[Part]] = {}
    if report.rungs:
        folded["All rungs"] = [rung_grid(report), Paragraph([READING])]
    if lines := [line for rung in report.rungs for line in lines_to_paste(rung, known)]:
        folded[TO_PASTE] = [Listing("\n".join(lines))]
    folded["What was not seen"] = [Items(not_seen(found, report))]
    folded["The command that repeats it"] = [Listing(found["command"])]
    return Summary(COMMAND, _verdict(found, report, known), [_table(found, report, known)], folded)


def comparisons(report: Report) -> int:
    """How many comparisons a check rests on."""
    return sum(len(rung.comparisons) for rung in report.rungs)


def _verdict(found: Mapping[str, Any], report: Report, known: KnownDeviations) -> Spans:
    about = Code(f"{found['backend']}:{found['variant']}" if found["variant"] else found["backend"])
    failed, compared = report.first_failed, comparisons(report)
    if found["error"]:
        before = [f"Before that, the rung '{failed.name}' failed."] if failed else []
        why = f"could not be checked: {sentence(found['error'])}"
        return [Strong("Not checked, so there is no verdict."), about, why, *before]
    if failed:
        where = f"it parts first on the rung '{failed.name}': {sentence(failed.sentence)}"
        declared = [NOTHING_NEW] if known.all_known(report) else []
        return [Strong("Different."), about, f"is not the same computation as {REFERENCE}; {where}", *declared]
    if not compared:  # this must never read as a pass
        return [Strong("No verdict."), about, f"was not held against {REFERENCE}: {NOTHING_COMPARED}."]
    if report.verdict == INCONCLUSIVE:
        why = sentence(report.sentence.removeprefix("not decided: "))
        return [Strong("Not decided."), about, f"is neither equivalent nor different so far: {why}"]
    passed = sum(rung.status == PASSED for rung in report.rungs)
    rests = f"all {passed} rungs agree, in {compared:,} comparisons on {_data(found)}."
    return [Strong("Equivalent."), about, f"is the same computation as {REFERENCE}: {rests}"]


def _data(found: Mapping[str, Any]) -> str:
    made_up = found["synthetic"]
    return f"{made_up:,} made-up images, not on CIFAR-10" if made_up else "CIFAR-10"


def _table(found: Mapping[str, Any], report: Report, known: KnownDeviations) -> Grid:
    counts = Counter(rung.status for rung in report.rungs)
    rows: list[list[str]] = [
        ["precision, device", f"{found['precision']} on {found['device_name']} ({found['device']})"],
        ["data", f"{found['synthetic']:,} made-up images" if found["synthetic"] else "CIFAR-10"],
        ["rungs", ", ".join(f"{count} {status}" for status, count in counts.items()) or "none was taken"],
        ["comparisons", f"{comparisons(report):,}"],
        *_farthest(report),
        *_failures(report, known),
        ["checked by", f"lenet-parity {found['suite']}, specification {found['spec']}"],
    ]
    return Grid(["what", "found"], ["left", "left"], rows)


def _farthest(report: Report) -> list[list[str]]:
    """The comparison that passed and came nearest to what is allowed."""
    ratios = [(c.ratio, rung.name, c.where) for rung in report.rungs if rung.status == PASSED for c in rung.comparisons]
    if not ratios:
        return []
    ratio, name, where = max(ratios)
    return [["nearest to its limit", f"{ratio:.0%} of what is allowed, on the rung '{name}': {cut(where)}"]]


def _failures(report: Report, known: KnownDeviations) -> list[list[str]]:
    """Every rung that failed, with what the failure looks like and how much of it was declared."""
    rows: list[list[str]] = []
    for rung in report.rungs:
        if rung.status != FAILED:
            continue
        rows.append([f"rung '{rung.name}' failed", Strong(cut(rung.sentence))])
        rows += [["looks like", cut(cause)] for cause in rung.causes]
        rows += [["next", cut(advice)] for advice in rung.advice]
        if known.entries:
            listed, news = known.split(rung)
            all_failed = len(listed) + len(news)
            rows.append(["declared before", f"{len(listed)} of {all_failed} failed comparisons; no verdict changes"])
    return rows
