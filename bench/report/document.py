"""A page of headings, sentences, lists, tables and code, for GitHub's Markdown and for HTML alike.

All text is plain until it is written: there it goes through `bench.report.escape`, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape as html_escape

from bench.report import escape
from bench.report.document_style import STYLE
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
    return f"# {escape.markdown(document.title)}\n\n{parts_to_markdown(document.parts)}"


def parts_to_markdown(parts: Sequence[Part]) -> str:
    """What is on a page, without its title."""
    return "\n".join(map(_markdown, parts))


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
