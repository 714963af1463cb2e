"""One page about one check, to be attached to an issue or kept with a release: the verdict and all it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bench.parity.known_deviations import KnownDeviations
from bench.parity.verdict import FAILED, REPORTED, SKIPPED, Report, Rung
from bench.report.coverage import not_seen, seen
from bench.report.document import Code, Document, Grid, Heading, Items, Listing, Paragraph, Part, Spans, Strong
from bench.report.tables.cells import NOTHING, rung_figures

MOST_FAILURES = 10
"""Failed comparisons of a rung that the page shows."""

READING = (
    "A row is the comparison that came nearest to what is allowed, or the first that failed. Unless it says otherwise, "
    "measured and allowed are relative to the largest true value; exact means that every element is the same."
)

NOTHING_NEW = "All that differs was declared before: nothing is new."

REPEATING = (
    "The backend's module must be importable, and the environment variables above set as they were; the suite itself "
    "sets the number of threads and what malloc keeps."
)


def page(found: Mapping[str, Any], report: Report, known: KnownDeviations | None = None) -> Document:
    """The page of a check.

    Args:
        found: what the check found, as its JSON has it.
        report: its rungs, as far as it came.
        known: deviations that were declared; None for none.
    """
    made_up = ", made-up images" if found["synthetic"] else ""
    title = f"LeNet parity v{found['spec']}: {found['verdict']}, {found['precision']}{made_up}"
    by = f"by lenet-parity {found['suite']}, specification {found['spec']}."
    of = f"was {'to be ' if found['error'] else ''}checked against the float64 reference, {by}"
    about = f"{found['backend']}:{found['variant']}" if found["variant"] else found["backend"]
    parts: list[Part] = [Paragraph([Code(about), of]), _verdict(found, report, known or KnownDeviations())]
    if report.rungs:
        parts += [Heading("Rungs"), rung_grid(report), Paragraph([READING])]
    for rung in report.rungs:
        if rung.status == FAILED:
            parts.append(Heading(f"Why the rung '{rung.name}' failed"))
            if rung is not report.first_failed or found["error"]:  # else the verdict has said so
                parts.append(Paragraph([f"{_upper(rung.sentence)}."]))
            parts += _failure(rung, known or KnownDeviations())
    parts += [Heading("What was seen"), Items(seen(found, report))]
    parts += [Heading("What was not seen"), Items(not_seen(found, report))]
    parts += [Heading("Known deviations"), *_known(report, known or KnownDeviations())]
    parts += [Heading("Device, settings and versions"), _settings(found)]
    parts += [Heading("Environment variables"), _environment(found["environment"])]
    parts += [Heading("The command that repeats it"), Listing(found["command"])]
    parts.append(Paragraph([REPEATING]))
    return Document(title, parts)


def _verdict(found: Mapping[str, Any], report: Report, known: KnownDeviations) -> Paragraph:
    if found["error"]:
        before = [f"Before that, the rung '{report.first_failed_rung}' failed."] if report.first_failed else []
        return Paragraph([Strong("Not checked."), f"There is no verdict: {found['error'].rstrip('.')}.", *before])
    sentence = report.sentence
    return Paragraph(
        [Strong(f"{sentence[0].upper()}{sentence[1:]}."), *([NOTHING_NEW] if known.all_known(report) else [])]
    )


def rung_grid(report: Report) -> Grid:
    """Every rung: what it measured, what it allowed, and where it was farthest off."""
    rows = []
    for number, rung in enumerate(report.rungs, start=1):
        measured, allowed = rung_figures(rung)
        exact = rung.tolerance == 0
        result = Strong(rung.status) if rung.status == FAILED else rung.status
        where = rung.detail if rung.status in (REPORTED, SKIPPED) else rung.where
        count = f"{len(rung.comparisons):,}" if rung.comparisons else NOTHING
        rows.append([f"{number} {rung.name}", result, measured, "exact" if exact else allowed or NOTHING, count, where])
    header = ["rung", "result", "measured", "allowed", "comparisons", "what was farthest off, and where"]
    return Grid(header, ["left", "left", "right", "right", "right", "left"], rows)


def _failure(rung: Rung, known: KnownDeviations) -> list[Part]:
    """Why a rung failed: its causes, and its comparisons that did."""
    failed = [each for each in rung.comparisons if each.ratio > 1]
    listed, _ = known.split(rung)
    header = ["measured", "allowed", "declared", "what, and where it was farthest off"]
    causes: list[Spans] = [["Looks like:", Strong(cause)] for cause in rung.causes]
    advice: list[Spans] = [[f"Next: {each}."] for each in rung.advice]
    parts: list[Part] = [Items([*(causes or [["No known mistake explains it."]]), *advice])]
    rows = []
    for each in failed[:MOST_FAILURES]:
        where = f"{each.where} ({each.detail})" if each.detail else each.where
        declared = "yes" if each in listed else "no"
        allowed = f"{each.tolerance:.2g}" if each.tolerance else "exact"
        rows.append([f"{each.measured:.2g}", allowed, declared, where])
    if rows:
        parts.append(Grid(header, ["right", "right", "left", "left"], rows))
    if (more := len(failed) - MOST_FAILURES) > 0:
        parts.append(Paragraph([f"{more:,} more of the rung's {len(rung.comparisons):,} comparisons failed."]))
    return parts


def _known(report: Report, known: KnownDeviations) -> list[Part]:
    if not known.entries:
        return [Paragraph(["None were declared."])]
    rows = []
    rungs = {rung.name: rung for rung in report.rungs if rung.status != SKIPPED}
    for entry in known.entries:
        rung = rungs.get(entry.rung)
        met = sum(each.ratio > 1 and entry.matches(rung.name, each) for each in rung.comparisons) if rung else 0
        rows.append([str(entry), f"{met:,}" if rung else "the rung was not taken"])
    what = "Declared by whoever ran the check. They change no verdict."
    return [Paragraph([what]), Grid(["declared", "comparisons that differ so"], ["left", "right"], rows)]


def _settings(found: Mapping[str, Any]) -> Grid:
    versions, commit = found["versions"] or {}, found["commit"]
    rows: list[list[str]] = [
        ["device", f"{found['device_name']} ({found['device']})"],
        ["precision", found["precision"]],
        ["threads", str(found["threads"])],
        ["seed", str(found["seed"])],
        ["data", found["data_fingerprint"] or NOTHING],
        ["specification", f"version {found['spec']} (docs/specification.md in the suite)"],
        ["suite", f"lenet-parity {found['suite']}" + ("" if commit == "unknown" else f", commit {commit}")],
        ["the suite's code", Code(found["suite_code"])],
        ["the backend's code", Code(found["code"]) if found["code"] else NOTHING],
        *([name, version] for name, version in versions.items()),
        ["checked", f"{found['date']}, in {found['seconds']:.0f} s"],
    ]
    return Grid(["what", "which"], ["left", "left"], rows)


def _environment(variables: Mapping[str, str]) -> Items:
    """Those of the worker that change arithmetic or speed."""
    lines: Sequence[Spans] = [[Code(f"{name}={value}")] for name, value in variables.items()]
    return Items(lines or [["None is set that changes arithmetic or speed."]])


def _upper(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
