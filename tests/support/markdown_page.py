"""A page of Markdown as a reader sees it: parsed as GitHub does, with tables and struck-out text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

Table = list[list[str]]


@dataclass
class Seen:
    """What is on a page.

    Attributes:
        tables: rows of cells, the header first.
        headings: in order.
        texts: of everything else: paragraphs and items of lists.
        html: raw HTML, as it stands there.
        links: targets.
        marks: kinds of emphasis and the like that are used in any text.
    """

    tables: list[Table] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)


def seen(page: str) -> Seen:
    """Parse a page."""
    found = Seen()
    inside = ""
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(page):
        if token.type == "table_open":
            found.tables.append([])
        elif token.type == "tr_open":
            found.tables[-1].append([])
        elif token.type in ("th_open", "td_open", "heading_open", "paragraph_open"):
            inside = token.type
        elif token.type == "html_block":
            found.html.append(token.content.strip())
        elif token.type in ("fence", "code_block", "hr", "blockquote_open"):
            found.marks.add(token.type)
        elif token.type == "inline":
            text = _text(token, found)
            if inside in ("th_open", "td_open"):
                found.tables[-1][-1].append(text)
            else:
                (found.headings if inside == "heading_open" else found.texts).append(text)
    return found


def _text(token: Token, found: Seen) -> str:
    text = ""
    for each in token.children or []:
        if each.type in ("text", "text_special", "code_inline"):
            text += each.content
        elif each.type == "softbreak":
            text += "\n"
        elif each.type == "html_inline":
            found.html.append(each.content)
        elif each.type == "link_open":
            found.links.append(unescape(str(each.attrs["href"])))
        elif each.type.endswith("_open"):
            found.marks.add(each.type.removesuffix("_open"))
        elif each.type == "image":
            found.marks.add("image")
    return text
