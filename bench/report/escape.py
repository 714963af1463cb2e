"""Text that others wrote, made safe for each format that we write: it reads as it is and changes nothing around it.

Names of machines, devices, backends and variants and all messages may hold any character. A table's cell and every
other piece of text stays as it is until it is put into a page, a terminal or a figure; there it goes through one of
these functions, once.
"""

from __future__ import annotations

import os
import re
import unicodedata
from html import escape as html_escape
from pathlib import PurePath
from urllib.parse import quote

from rich.text import Text

_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the order in which others are shown."""

_MARKDOWN = re.compile(
    r"[\\`*~\[\]]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # within a word it marks nothing
    r"|^#|#(?=#*$)"  # a heading's
    r"|^[-+](?![\d.])"  # a list's; numbers may have signs
)
_NUMBERED_LIST = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")


class Markdown(str):
    """Text that is Markdown already."""

    __slots__ = ()


def printable(text: str) -> str:
    """The text with its lines, but without characters that steer a terminal, reorder text or cannot be encoded."""
    return "".join(char if char in "\n\t" or not _steers(char) else _shown(char) for char in text)


def one_line(text: str) -> str:
    """`printable` text in one line, for a cell, a heading or an item of a list."""
    return " ".join(printable(text).split())


def markdown(text: str) -> Markdown:
    """One line of text for GitHub's Markdown, in a table or anywhere else; what is Markdown already stays as it is.

    GitHub shows what stands between two dollar signs as mathematics, and a backslash does not prevent it. Its manual
    ("Writing mathematical expressions") says to put a dollar sign that is meant as such into a span of its own.
    """
    if isinstance(text, Markdown):
        return text
    escaped = _MARKDOWN.sub(r"\\\g<0>", one_line(text))
    return Markdown(_entities(_NUMBERED_LIST.sub(r"\1\\\2", escaped)).replace("$", "<span>$</span>"))


def bold(text: str) -> Markdown:
    """Text in bold, as Markdown."""
    return Markdown(f"**{markdown(text)}**")


def code(text: str) -> Markdown:
    """Text as code, as Markdown. What backticks cannot hold, in a table or elsewhere, is written in HTML."""
    text = one_line(text)
    if text and not re.search(r"[`|<]", text):
        return Markdown(f"`{text}`")
    entities = re.sub(r"[^a-zA-Z0-9 ]", lambda found: f"&#{ord(found[0])};", text)
    return Markdown(f"<code>{entities}</code>")


def link(text: str, target: PurePath | str) -> Markdown:
    """A link to a file, as Markdown."""
    return Markdown(f"[{markdown(text)}]({url(target)})")


def url(target: PurePath | str) -> str:
    """A relative path as links and attributes take it: without spaces, quotes, angle brackets and parentheses."""
    path = target.as_posix() if isinstance(target, PurePath) else target
    return quote(os.fsencode(path), safe="/")


def html(text: str) -> str:
    """One line of text for HTML, between tags or in an attribute's double quotes."""
    return html_escape(one_line(text), quote=False).replace('"', "&quot;")


def terminal(text: str, style: str = "") -> Text:
    """Text for the terminal, where square brackets are rich's markup and control characters the terminal's."""
    return Text(printable(text), style)


def terminal_line(text: str, style: str = "") -> Text:
    """As `terminal`, in one line."""
    return Text(one_line(text), style)


def figure(text: str) -> str:
    """One line of text for a figure; `bench.report.plots.style` keeps matplotlib from reading formulas."""
    return one_line(text)


def _entities(text: str) -> str:
    """Without anything that Markdown takes for HTML, which a ``<`` before a digit or a space is not, or for a cell."""
    text = text.replace("&", "&amp;").replace(">", "&gt;").replace("|", "&#124;")
    return re.sub(r"<(?![\d\s])", "&lt;", text)


def _steers(char: str) -> bool:
    return char in _DIRECTIONS or unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def _shown(char: str) -> str:
    """As Python writes it: a backslash, a letter and its number."""
    return char.encode("unicode_escape").decode()
