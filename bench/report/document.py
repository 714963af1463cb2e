"""A page of headings, sentences, lists, tables and code, for GitHub's Markdown and for HTML alike.

All text is plain until it is written: there it goes through `bench.report.escape`, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape as html_escape

from bench.report import escape
from bench.report.tables.markdown import markdown
from bench.report.tables.table import Table


class Strong(str):
    """Text that stands out."""

    __slots__ = ()


class Code(str):
    """Text as a program has it."""

    __slots__ = ()


Spans = Sequence[str]
"""Pieces of one sentence, with a space between each two of them."""


@dataclass(frozen=True)
class Heading:
    """The heading of a section."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Sentences."""

    spans: Spans


@dataclass(frozen=True)
class Items:
    """A list, an item a line."""

    items: Sequence[Spans]


@dataclass(frozen=True)
class Listing:
    """Lines of code, as they are."""

    text: str


@dataclass(frozen=True)
class Grid:
    """A table; ``align`` has "left" or "right" for each column."""

    header: Sequence[str]
    align: Sequence[str]
    rows: Sequence[Sequence[str]]


Part = Heading | Paragraph | Items | Listing | Grid


@dataclass
class Document:
    """A page: its title, and what is on it."""

    title: str
    parts: list[Part] = field(default_factory=list)


def to_markdown(document: Document) -> str:
    """The page as GitHub shows it, tables included."""
    return "\n".join([f"# {escape.markdown(document.title)}\n", *map(_markdown, document.parts)])


def to_html(document: Document, comment: str = "") -> str:
    """The page as one HTML file that needs no other; ``comment`` stands in its beginning, as it is."""
    title = escape.html(document.title)
    body = "\n".join(map(_html, document.parts))
    return f"""<!doctype html>
{comment}
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{STYLE}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


STYLE = """\
:root { color-scheme: light dark; --line: #d1d9e0; --quiet: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --quiet: #151b23; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.25; }
h2 { font-size: 1.25rem; margin-top: 2rem; border-bottom: 1px solid var(--line); }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; overflow-wrap: normal; }
th, td { border: 1px solid var(--line); padding: .3rem .7rem; text-align: left; vertical-align: top; }
th { background: var(--quiet); }
td:first-child { white-space: nowrap; }
.figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
code, pre { font: .875em/1.5 ui-monospace, monospace; background: var(--quiet); border-radius: 4px; }
code { padding: .1em .3em; }
pre { padding: .8rem; white-space: pre-wrap; }
"""


def _markdown(part: Part) -> str:
    match part:
        case Heading(text):
            return f"## {escape.markdown(text)}\n"
        case Paragraph(spans):
            return f"{_markdown_spans(spans)}\n"
        case Items(items):
            return "".join(f"- {_markdown_spans(spans)}\n" for spans in items)
        case Listing(text):
            return _fenced(escape.printable(text))
        case Grid(header, align, rows):
            return markdown(Table(header, [[_markdown_span(cell) for cell in row] for row in rows]), align)


def _markdown_spans(spans: Spans) -> str:
    return " ".join(map(_markdown_span, spans))


def _markdown_span(text: str) -> escape.Markdown:
    match text:
        case Strong():
            return escape.bold(str(text))
        case Code():
            return escape.code(str(text))
    return escape.markdown(text)


def _fenced(text: str) -> str:
    """A code block; its fence is longer than any run of backticks in it."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}sh\n{text}\n{fence}\n"


def _html(part: Part) -> str:
    match part:
        case Heading(text):
            return f"<h2>{escape.html(text)}</h2>"
        case Paragraph(spans):
            return f"<p>{_html_spans(spans)}</p>"
        case Items(items):
            return "<ul>\n" + "".join(f"<li>{_html_spans(spans)}</li>\n" for spans in items) + "</ul>"
        case Listing(text):
            return f"<pre>{html_escape(escape.printable(text), quote=False)}</pre>"  # spaces and lines as they are
        case Grid():
            return _html_table(part)


def _html_table(table: Grid) -> str:
    classes = [' class="figure"' if align == "right" else "" for align in table.align]

    def row(cells: Sequence[str], tag: str) -> str:
        inner = (f"<{tag}{cls}>{_html_span(cell)}</{tag}>" for cell, cls in zip(cells, classes, strict=True))
        return f"<tr>{''.join(inner)}</tr>\n"

    head, body = row(table.header, "th"), "".join(row(cells, "td") for cells in table.rows)
    return f'<div class="table"><table>\n<thead>\n{head}</thead>\n<tbody>\n{body}</tbody>\n</table></div>'


def _html_spans(spans: Spans) -> str:
    return " ".join(map(_html_span, spans))


def _html_span(text: str) -> str:
    match text:
        case Strong():
            return f"<strong>{escape.html(text)}</strong>"
        case Code():
            return f"<code>{escape.html(text)}</code>"
    return escape.html(text)
