"""The page: every mistake, with its threads, both headlines, and how the harness avoids it."""

from __future__ import annotations

from pathlib import Path

from bench.base import files
from bench.pitfalls.catalogue import MISTAKES
from bench.pitfalls.mistake import Mistake, Thread
from bench.pitfalls.stored import Outcome, Stored
from bench.report import escape
from bench.report.document import Code, Document, Grid, Heading, Items, Paragraph, Part, Strong, to_markdown
from impls.errors import LenetError

MARK = "<!-- lenet-parity:page, written by make pitfalls -->\n"
"""Says that a page is ours, so that another may take its place."""

ABOUT = (
    "Benchmarks of frameworks are often wrong in ways that have nothing to do with the frameworks. Here each of the "
    "usual mistakes is made on purpose in this very experiment, LeNet on CIFAR-10, and measured: what it is worth, the "
    "headline that it gives, the headline without it, and what in the harness prevents it. Numbers are of the machine "
    "named below, or of that of a stored run; on another they are others."
)
READING = (
    "A ratio has its 95 % interval in parentheses, over blocks of fresh processes, and a difference of accuracies over "
    "seeds. Stored runs are committed results of this project, named where they are used; all else was measured for "
    "this page. A thread is where somebody made the mistake in public, or found it."
)


def text(stored: Stored) -> str:
    """The page as Markdown, with the line that says whose it is."""
    parts: list[Part] = [Paragraph([ABOUT]), *_measured_on(stored), Paragraph([READING]), _overview(stored)]
    for number, mistake in enumerate(MISTAKES, start=1):
        parts += _section(number, mistake, stored.outcomes.get(mistake.key))
    return MARK + to_markdown(Document("How such comparisons go wrong", parts))


def write(page: Path, content: str) -> None:
    """Write a page over an older one of ours and over nothing else, whole or not at all.

    Raises:
        LenetError: another page is there, which is left as it was; or it cannot be written.
    """
    try:
        if page.exists() and (before := page.read_bytes()).strip() and not before.startswith(MARK.encode()):
            raise LenetError(f"{page} was left as it is, for `make pitfalls` did not write it; move it elsewhere.")
        files.write(page.resolve() if page.exists() else page, content)
    except OSError as error:
        raise LenetError(f"{page} cannot be written ({error.strerror}); make room and try again.") from error


def _measured_on(stored: Stored) -> list[Part]:
    outcomes = list(stored.outcomes.values())
    dates = sorted({each.date[:10] for each in outcomes})
    commits = sorted({each.commit for each in outcomes})
    busy = max((each.busy_cores for each in outcomes), default=0.0)
    when = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}" if dates else "never"
    packages = ", ".join(f"{name} {version}" for name, version in sorted(stored.versions.items()))
    took = sum(each.took for each in outcomes) / 60
    return [
        Paragraph(
            [
                f"Measured on {stored.device}, {stored.threads} threads, {when}, commit {', '.join(commits)}, in "
                f"{took:.0f} minutes; data {stored.data}; {packages}. Other programs used {busy:.1f} cores at most "
                "before a measurement.",
                Code("make pitfalls"),
                "repeats it.",
            ]
        )
    ]


def _overview(stored: Stored) -> Grid:
    rows = []
    for number, mistake in enumerate(MISTAKES, start=1):
        outcome = stored.outcomes.get(mistake.key)
        rows.append([f"{number}. {mistake.title}", _worth(mistake, outcome), Code(mistake.where[0])])
    return Grid(["mistake", "what it is worth here", "prevented in"], ["left"] * 3, rows)


def _worth(mistake: Mistake[object], outcome: Outcome | None) -> str:
    if outcome is None or outcome.missing:
        return f"not measured: {_reason(outcome)}"
    return mistake.tell(outcome.figures).worth


def _reason(outcome: Outcome | None) -> str:
    return "nobody has" if outcome is None else outcome.missing.rstrip(".")


def _section(number: int, mistake: Mistake[object], outcome: Outcome | None) -> list[Part]:
    parts: list[Part] = [Heading(f"{number}. {mistake.title}"), Paragraph([mistake.made])]
    parts += [Paragraph([Strong("Who met it.")]), Items([_thread(thread) for thread in mistake.threads])]
    if outcome is None or outcome.missing:
        parts.append(Paragraph([Strong("Not measured:"), f"{_reason(outcome)}."]))
    else:
        told = mistake.tell(outcome.figures)
        parts.append(Paragraph([Strong("What it does here.")]))
        parts.append(
            Items(
                [
                    [Strong("The wrong headline:"), _sentence(told.wrong)],
                    [Strong("The right one:"), _sentence(told.right)],
                    [Strong("Measured:"), told.measured],
                ]
            )
        )
    where = [Code(path) for path in mistake.where]
    parts.append(Paragraph([Strong("How the harness avoids it."), mistake.avoided, "See", *_listed(where)]))
    return parts


def _thread(thread: Thread) -> list[str]:
    return [escape.Markdown(f"[{escape.markdown(thread.name)}]({thread.url}):"), thread.happened]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _listed(names: list[Code]) -> list[str]:
    """Names with commas between them, a full stop after the last."""
    # A span is followed by a space, so that punctuation has to be part of Markdown.
    return [
        escape.Markdown(f"{escape.code(name)}{',' if number < len(names) else '.'}")
        for number, name in enumerate(names, start=1)
    ]
