"""Blocks that are kept up to date in pages of other people: what stands between two markers is ours.

A page says where a block goes with ``<!-- lenet-parity:NAME begin -->`` and ``<!-- lenet-parity:NAME end -->``, each
alone on a line. In prose, in backticks and in code blocks they are text, and mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.base import files
from impls.errors import LenetError

_PREFIX = b"<!-- lenet-parity:"
_OLDER = re.compile(rb" {0,3}<!-- ([a-z]+): (begin|end) --> *")
"""Markers as they were before they had the project's name."""
# Four spaces before it would make a line code; tabs have been expanded.
_MARKER = re.compile(rb" {0,3}<!-- lenet-parity:([a-z-]+) (begin|end) --> *")
_LIST_MARKS = re.compile(rb"(?: {0,3}(?:[-*+]|\d{1,9}[.)]) +)+")
_OPENING_FENCE = re.compile(rb" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_CLOSING_FENCE = re.compile(rb" *(`{3,}|~{3,}) *")


@dataclass(frozen=True)
class _Marker:
    """A marker: of which block, "begin" or "end", and on which line, from 0."""

    name: str
    which: str
    line: int

    def __str__(self) -> str:
        return f"{marker(self.name, self.which)} in line {self.line + 1}"


class MarkerError(LenetError):
    """A page's markers are not in pairs."""


def marker(name: str, which: str) -> str:
    """A marker's text; ``which`` is "begin" or "end"."""
    return f"<!-- lenet-parity:{name} {which} -->"


def fill(page: Path, blocks: Mapping[str, str]) -> None:
    """Put blocks, by name, in the place of those that a page has; all other bytes stay as they are.

    A page that does not exist, or has no markers of these names, is left alone. The page is written whole or not at
    all, and only if something changes.

    Raises:
        MarkerError: its markers are not in pairs, or it is no UTF-8; it is left as it was.
    """
    if not page.is_file() or _PREFIX not in (content := page.read_bytes()):
        return
    changed = filled(content, blocks, page)
    if changed != content:
        files.write(page.resolve(), changed)  # a link stays a link


def replaced_by(page: Path, names: Iterable[str]) -> list[str]:
    """What to write in place of a page's older markers, a sentence for each block that has nothing but these.

    Args:
        page: it may be missing.
        names: of the blocks that go there.
    """
    if not page.is_file():
        return []
    lines = page.read_bytes().splitlines()
    today = {each.name for each in _markers(lines)}
    older = {each.name: each.line + 1 for each in reversed(list(_markers(lines, _OLDER)))}
    return [
        f"The {name} are not put into {page}: in line {older[name]} it has a marker of an older version; replace "
        f"<!-- {name}: begin --> by {marker(name, 'begin')} and <!-- {name}: end --> by {marker(name, 'end')}."
        for name in names
        if name in older and name not in today
    ]


def filled(content: bytes, blocks: Mapping[str, str], page: Path) -> bytes:
    """A page's content with these blocks in it; ``page`` is for the sentence of an error.

    Raises:
        MarkerError: as `fill`.
    """
    lines = content.splitlines(keepends=True)
    for begin, end in reversed(_pairs(lines, page)):
        if begin.name not in blocks:
            continue
        try:
            content.decode()
        except UnicodeDecodeError as error:
            raise MarkerError(
                f"{page} was left as it is, for it is not UTF-8 ({error}); store it as UTF-8, or take the markers out."
            ) from error
        block = blocks[begin.name].encode()
        if lines[begin.line].endswith(b"\r\n"):
            block = block.replace(b"\n", b"\r\n")
        lines[begin.line + 1 : end.line] = [block]
    return b"".join(lines)


def _pairs(lines: list[bytes], page: Path) -> list[tuple[_Marker, _Marker]]:
    """The blocks of a page, in order: each has one begin and one end, and no other marker is in between."""
    pairs: list[tuple[_Marker, _Marker]] = []
    begun: _Marker | None = None
    for each in _markers(lines):
        if each.which == "begin":
            if begun:
                raise _refused(page, begun, f"has no end before {each}")
            if before := next((begin for begin, _ in pairs if begin.name == each.name), None):
                raise _refused(page, each, f"repeats the one in line {before.line + 1}")
            begun = each
        elif begun is None or begun.name != each.name:
            raise _refused(
                page, each, "has no begin before it" if begun is None else f"comes before the end of {begun}"
            )
        else:
            pairs.append((begun, each))
            begun = None
    if begun:
        raise _refused(page, begun, "has no end after it")
    return pairs


def _refused(page: Path, at: _Marker, what: str) -> MarkerError:
    return MarkerError(
        f"{page} was left as it is: {at} {what}; give each block one begin and one end, each alone on a line, or take "
        "the marker out."
    )


@dataclass(frozen=True)
class _Fence:
    """An open code block: its backticks or tildes, their column, and that of the list item which begins with it."""

    mark: bytes
    column: int
    item: int

    def ends_at(self, line: bytes) -> bool:
        """Whether this line closes it. In doubt it does not: what is taken for code is never overwritten."""
        found = _CLOSING_FENCE.fullmatch(line)
        return bool(found and found[1].startswith(self.mark) and 0 <= found.start(1) - self.column <= 3)

    def ended_before(self, line: bytes) -> bool:
        """Whether its list item ended before this line, and the code with it."""
        return bool(line.strip()) and len(line) - len(line.lstrip()) < self.item


def _markers(lines: list[bytes], form: re.Pattern[bytes] = _MARKER) -> Iterator[_Marker]:
    """Every marker of that form that is alone on its line and not within a code block."""
    fence: _Fence | None = None
    for number, line in enumerate(text.rstrip(b"\r\n").expandtabs(4) for text in lines):
        if fence and not fence.ended_before(line):
            if fence.ends_at(line):
                fence = None
            continue
        fence = _opened(line)
        if found := form.fullmatch(line):
            yield _Marker(found[1].decode(), found[2].decode(), number)


def _opened(line: bytes) -> _Fence | None:
    """The code block that a line opens, which may be the first in an item of a list; None where it opens none."""
    item = marks.end() if (marks := _LIST_MARKS.match(line)) else 0
    found = _OPENING_FENCE.match(line, item)
    return _Fence(found[1], found.start(1), item) if found else None
