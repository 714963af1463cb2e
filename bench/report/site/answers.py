"""The page's first sentences: which is faster, are they the same, how accurate, and what the lecture got wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.base.settings import idiomatic
from bench.lecture.claims import audit
from bench.lecture.claims.finding import NOT_REPRODUCED, REPRODUCED
from bench.lecture.evidence import Evidence
from bench.report.site.rows import AT_BEST, Part
from bench.report.tables.accuracy import percent_text
from bench.stats.equivalence import MARGIN, points, range_text
from bench.stats.ratio import Ratio
from bench.training.paired import PairedAccuracy

CALLED = {"pytorch": "PyTorch", "flax": "Flax"}
"""How sentences name a framework; others are named as their backend."""


@dataclass(frozen=True)
class Answer:
    """A question and what the measurements say to it.

    Attributes:
        question: a short one.
        sentences: at least one.
    """

    question: str
    sentences: list[str]


def answers(part: Part, accuracies: PairedAccuracy | None, lecture: Evidence | None) -> list[Answer]:
    """The answers of one device.

    Args:
        part: of the device.
        accuracies: over seeds, on that device; None where nothing was trained.
        lecture: what the lecture's claims are held against; None likewise.
    """
    found = [
        Answer("Which is faster as people write it?", _faster(part, _written(part))),
        Answer("Which is faster at its best?", _faster(part, _best(part))),
        Answer("Are they the same computation?", _same(part)),
        Answer("Do they learn equally well?", _accuracy(accuracies)),
    ]
    if lecture:
        found.append(Answer("What did the lecture get wrong?", _lecture(lecture)))
    return [answer for answer in found if answer.sentences]


def measured(part: Part) -> str:
    """Where, when and with what the figures of a device were measured, in a sentence."""
    run = part.device.runs[-1]
    versions: dict[str, str] = {}
    for variant in part.device.variants.values():
        versions |= variant.any_record["versions"]
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"Measured on {part.called}, {part.device.precision}, on {run.date[:10]}, commit {run.commit}: {named}."


def _written(part: Part) -> dict[str, str]:
    """The plain variant of each framework, where it was timed."""
    return {row.framework: row.label for row in part.rows if row.seconds and idiomatic(row.label) == row.label}


def _best(part: Part) -> dict[str, str]:
    """The fastest equivalent variant of each framework."""
    found: dict[str, str] = {}
    for row in part.rows:  # the fastest first
        if row.seconds and AT_BEST in row.styles:
            found.setdefault(row.framework, row.label)
    return found


def _faster(part: Part, labels: dict[str, str]) -> list[str]:
    """A sentence for each framework that is compared with the fastest one."""
    if len(labels) < 2:
        return []
    ordered = sorted(labels.values(), key=lambda label: part.row(label).seconds or 0)
    fastest, sentences = ordered[0], []
    for other in ordered[1:]:
        ratio = part.ratios.get(fastest, {}).get(other)
        if ratio is None:
            continue
        one, two = (_named(part, label) for label in (fastest, other))
        if ratio.low is None or ratio.high is None:
            text = f"{one} took less time than {two} ({ratio.value:#.3g} times as fast, one pair: no interval)."
        elif not ratio.distinguishable:
            text = f"{one} and {two} cannot be told apart; the 95 % interval of their ratio is {_interval(ratio)}."
        else:
            text = f"{one} is {ratio.value:#.3g} times as fast as {two}; 95 % interval {_interval(ratio)}."
        sentences.append(text)
    return sentences


def _named(part: Part, label: str) -> str:
    framework, variant = label.split(":", 1)
    seconds = part.row(label).seconds
    return f"{CALLED.get(framework, framework)} ({variant}, {seconds:#.3g} s an epoch)"


def _interval(ratio: Ratio) -> str:
    return f"{ratio.low:#.3g} to {ratio.high:#.3g}"


def _same(part: Part) -> list[str]:
    equal = [row.label for row in part.rows if row.agreement == "equivalent"]
    others = [f"{row.label}: {row.agreement}" for row in part.rows if row.agreement != "equivalent"]
    if not others:
        return [
            f"Yes. All {len(equal)} variants agree with a float64 oracle within what rounding explains: outputs, loss, "
            "gradients, optimizer and a hundred steps of training."
        ]
    return [f"Not all of them: {'; '.join(others)}. Equivalent: {', '.join(equal) or 'none'}."]


def _accuracy(found: PairedAccuracy | None) -> list[str]:
    if found is None or not found.baseline.runs:
        return []
    base = found.baseline
    verdicts: dict[str, list[str]] = {}
    for comparison in found.comparisons:
        if (each := comparison.equivalence) and each.standard_deviation is not None:
            text = f"{comparison.title} {points(each.mean)} ({range_text(each.interval95)})"
            verdicts.setdefault(each.verdict, []).append(text)
    sentences = [f"{base.title} ends at {percent_text(base.mean)} % over {len(base.runs)} seeds."]
    if verdicts:
        said = (f"{verdict} at ±{100 * MARGIN:.1f} points: {', '.join(each)}" for verdict, each in verdicts.items())
        sentences.append(f"In points less that, with 95 % intervals, {'; '.join(said)}.")
    return sentences


def _lecture(evidence: Evidence) -> list[str]:
    findings = audit(evidence)
    wrong = [finding for finding in findings if finding.verdict == NOT_REPRODUCED]
    right = sum(finding.verdict == REPRODUCED for finding in findings)
    if not wrong:
        return [f"Nothing that was measured: {right} of its {len(findings)} claims are reproduced."]
    return [
        *(f"Not reproduced: “{finding.claim}”{_found(finding.measured)}." for finding in wrong),
        f"{right} of its {len(findings)} claims are reproduced; the table below has all of them.",
    ]


def _found(measured: dict[str, str]) -> str:
    """What each framework says to a claim, without further remarks."""
    said = "; ".join(f"{CALLED.get(name, name)} {text.partition(';')[0]}" for name, text in measured.items())
    return f". {said}" if said else ""


def order(parts: Sequence[Part]) -> list[Part]:
    """The parts whose answers are shown: of real data, full runs, and each device and precision once."""
    return [
        part
        for part in parts
        if part.device.timed and not (part.device.quick or part.device.further or part.device.data.startswith("synth"))
    ]
