"""What every summary has: a hidden mark, the verdict, a small table, and folded below it all that it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench.report import escape
from bench.report.document import Code, Paragraph, Part, Spans, Strong, parts_to_markdown

LONGEST = 30_000
"""Characters of a summary: GitHub takes 65,536 in a comment, and two may share one."""

LONGEST_MESSAGE = 600
"""Characters of a message that is shown unfolded."""

TOO_LONG = "All details are left out, for a comment may not be so long. The command itself prints them."


def mark(command: str) -> str:
    """The first line of a command's summaries, which nobody sees: by it a program finds the comment that it replaces.

    Args:
        command: of ``lenet-bench``, e.g. "check".
    """
    return f"<!-- lenet-parity:summary of lenet-bench {command} -->"


@dataclass(frozen=True)
class Summary:
    """A summary of one command's outcome.

    Attributes:
        command: of ``lenet-bench``.
        verdict: in one sentence or two, to be read first.
        shown: a small table, and what else must not be missed.
        folded: the rest, by title.
    """

    command: str
    verdict: Spans
    shown: Sequence[Part] = ()
    folded: Mapping[str, Sequence[Part]] = field(default_factory=dict)


def to_markdown(summary: Summary) -> str:
    """The summary as GitHub shows it."""
    head = f"{mark(summary.command)}\n{parts_to_markdown([Paragraph(summary.verdict), *summary.shown])}"
    whole = "\n".join([head, *(_folded(title, parts) for title, parts in summary.folded.items() if parts)])
    if len(whole) <= LONGEST:
        return whole
    return f"{head}\n{parts_to_markdown([Paragraph([TOO_LONG])])}"


def failure(command: str, about: str, why: str) -> Summary:
    """The summary of a command that came to no verdict.

    Args:
        command: of ``lenet-bench``.
        about: what it was given, e.g. a backend's name; may be empty.
        why: it ended early, in a sentence.
    """
    of = ["of", Code(about)] if about else []
    ended = f"ended early: {sentence(why)}"
    return Summary(command, [Strong("Failed, so there is no verdict."), Code(f"lenet-bench {command}"), *of, ended])


def cut(text: str) -> str:
    """A message in one line, cut if it is very long."""
    text = escape.one_line(text)
    if len(text) <= LONGEST_MESSAGE:
        return text
    return f"{text[:LONGEST_MESSAGE]} (cut here; it has {len(text):,} characters)"


def sentence(text: str) -> str:
    """The same, with a full stop."""
    text = cut(text)
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _folded(title: str, parts: Sequence[Part]) -> str:
    """Parts under a title that opens them. Blank lines around them make GitHub read them as Markdown."""
    return f"<details>\n<summary>{escape.html(title)}</summary>\n\n{parts_to_markdown(parts)}\n</details>\n"
