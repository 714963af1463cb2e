"""Text of others reads as it is, and changes nothing around it, in every format."""

from __future__ import annotations

import io
import random
from pathlib import PurePosixPath
from urllib.parse import unquote

import pytest
from rich.console import Console

from bench.report import escape
from bench.report.tables.markdown import markdown
from bench.report.tables.table import Table
from markdown_page import seen

STRANGE = [
    "a|b",
    "<script>alert(1)</script>",
    "</td> <!-- lenet-parity:results begin -->",
    "[red]x[/red] [/] [link](http://x)",
    "`code` and ``more`",
    "*a* **b** _c_ __d__ ~~e~~ a_b __init__",
    "&lt; &amp; &#124; &nbsp;",
    "C:\\a\\|b\\",
    "# heading #",
    "- item",
    "+ item",
    "12. item",
    "2026) item",
    "> quote",
    "--- | ---",
    "===",
    "![image](x.svg)",
    "[ref]: http://x",
    "x < y > z <b",
    "{x} %s {{y}}",
    "$a$ and $b$",
    "$",
    "$$x$$ $`y`$",
    "Größe × 2 – 日本",
]
PIECES = [
    "a",
    "1",
    " ",
    "_",
    "__",
    "*",
    "~",
    "`",
    "``",
    "|",
    "\\",
    "<",
    ">",
    "&",
    "$",
    "#",
    "-",
    "+",
    ".",
    "[",
    "]",
    "(",
    ")",
]
PIECES += ["!", "&amp;", "<b>", "</b>", "<!--", "-->", "=", ":", "'", '"', "é"]
GENERATOR = random.Random(15)
MADE_UP = ["".join(GENERATOR.choices(PIECES, k=GENERATOR.randint(1, 12))) for _ in range(500)]


def as_one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("texts", [[text] for text in STRANGE] + [MADE_UP], ids=[*STRANGE, "made up"])
def test_markdown_reads_as_the_text_wherever_it_stands(texts: list[str]) -> None:
    for text in filter(as_one_line, texts):
        escaped = escape.markdown(text)
        page = seen(f"## {escaped}\n\n- {escaped}\n\n{markdown(Table(['x', escaped], [['y', escaped]]))}\n{escaped}\n")
        expected = as_one_line(text)
        assert page.headings == [expected]
        assert page.texts == [expected, expected]
        assert page.tables == [[["x", expected], ["y", expected]]]
        assert set(page.html) <= {"<span>", "</span>"}
        assert (page.links, page.marks) == ([], set())


@pytest.mark.parametrize("text", [text for text in STRANGE if "$" in text])
def test_no_dollar_signs_make_mathematics(text: str) -> None:
    """GitHub takes `$...$` and more for it, escaped by a backslash or not; in a span of its own a `$` is just that."""
    assert "$" not in escape.markdown(text).replace("<span>$</span>", "")
    assert "$" not in escape.link(text, PurePosixPath(text)).replace("<span>$</span>", "")


@pytest.mark.parametrize("texts", [[text] for text in STRANGE] + [MADE_UP], ids=[*STRANGE, "made up"])
def test_code_reads_as_the_text_in_a_table_and_outside(texts: list[str]) -> None:
    for text in filter(as_one_line, texts):
        page = seen(f"{escape.code(text)}\n\n{markdown(Table(['x'], [[escape.code(text)]]))}")
        expected = as_one_line(text)
        assert page.texts == [expected]
        assert page.tables == [[["x"], [expected]]]
        assert set(page.html) <= {"<code>", "</code>"}
        assert not page.marks


@pytest.mark.parametrize(
    "path", ["a b/c (1).json", "a|b/<x>.json", "[x](y)/`z`.json", "q\"u'o/t,e.json", "50%/c:d.json"]
)
def test_links_lead_to_the_file(path: str) -> None:
    link = escape.link(path, PurePosixPath(path))
    page = seen(f"- {link}\n\n{markdown(Table(['x'], [[link]]))}")
    assert [unquote(each) for each in page.links] == [path, path]
    assert page.texts == [path]
    assert page.tables == [[["x"], [path]]]


def test_what_is_markdown_already_is_not_escaped_again() -> None:
    assert escape.markdown(escape.bold("a*b")) == "**a\\*b**"
    assert markdown(Table(["x"], [[escape.bold("y")]])).endswith("| **y** |\n")


def test_ordinary_names_stay_as_they_are() -> None:
    for text in (
        "impls.tried.fused_adam:FusedAdam",
        "-10.06 points",
        "+5.78 (+2.81 to +8.74)",
        "<0.0001",
        "0.5–0.7 (8)",
    ):
        assert escape.markdown(text) == text


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\x0b", "\u2028", "\x85"])
def test_a_line_ends_no_row(newline: str) -> None:
    [table] = seen(markdown(Table(["x", "y"], [[f"one{newline}two", "z"]]))).tables
    assert len(table) == 2
    assert all(len(row) == 2 for row in table)


def test_an_attribute_keeps_within_its_quotes() -> None:
    assert escape.html('a" onload="x <b> & it\'s') == "a&quot; onload=&quot;x &lt;b&gt; &amp; it's"
    assert escape.url("a b/\"'<,>.svg") == "a%20b/%22%27%3C%2C%3E.svg"


@pytest.mark.parametrize("text", STRANGE)
def test_the_terminal_shows_the_text(text: str) -> None:
    written = io.StringIO()
    console = Console(file=written, width=200, emoji=False, force_terminal=True, color_system=None)
    console.print(escape.terminal(text))
    assert written.getvalue() == text + "\n"


def test_no_character_steers_the_terminal_or_cannot_be_written() -> None:
    text = "a\x1b[2Jb\x07c\x9bd\u202ee\udc80f\ng"
    shown = escape.printable(text)
    assert shown == "a\\x1b[2Jb\\x07c\\x9bd\\u202ee\\udc80f\ng"
    shown.encode()
    assert escape.one_line(text).endswith("f g")
