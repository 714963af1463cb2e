"""What a third party knows to differ, listed in a file of its own, so that the kit reports only what is new."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from bench.parity.rungs import RUNGS
from bench.parity.verdict import Measured, Rung
from impls.errors import LenetError


@dataclass(frozen=True)
class Entry:
    """One line: a rung, and what of it may differ (``*`` matches anything)."""

    rung: str
    pattern: str

    def __str__(self) -> str:
        return f"{self.rung}: {self.pattern}" if self.pattern != "*" else self.rung

    def matches(self, rung: str, comparison: Measured) -> bool:
        """Whether a failed comparison is what it means."""
        return rung == self.rung and fnmatchcase(comparison.what, self.pattern)


@dataclass
class KnownDeviations:
    """All entries of a file, and which of them something matched so far."""

    entries: list[Entry] = field(default_factory=list)
    used: set[Entry] = field(default_factory=set)

    @classmethod
    def read(cls, path: str | None) -> KnownDeviations:
        """Read a file of lines ``rung`` or ``rung: what differs``; ``#`` begins a comment.

        Raises:
            LenetError: it cannot be read, or names a rung that there is not.
        """
        if path is None:
            return cls()
        try:
            text = Path(path).read_text()
        except (OSError, UnicodeDecodeError) as error:
            raise LenetError(f"The xfails file {path} cannot be read: {error}.") from error
        entries = []
        for number, line in enumerate(text.splitlines(), start=1):
            rung, _, pattern = (part.strip() for part in line.partition("#")[0].partition(":"))
            if not rung:
                continue
            if rung not in RUNGS:
                near = difflib.get_close_matches(rung, RUNGS, n=1) or list(RUNGS)
                raise LenetError(f"{path}, line {number}: there is no rung {rung!r}; did you mean {', '.join(near)}?")
            entries.append(Entry(rung, pattern or "*"))
        return cls(entries)

    def split(self, rung: Rung) -> tuple[list[Measured], list[Measured]]:
        """A rung's failed comparisons: those that are listed, and those that are news."""
        listed: list[Measured] = []
        news: list[Measured] = []
        for comparison in rung.comparisons:
            if comparison.ratio <= 1:
                continue
            matching = {entry for entry in self.entries if entry.matches(rung.name, comparison)}
            self.used |= matching
            (listed if matching else news).append(comparison)
        return listed, news

    def stale(self, taken: set[str]) -> list[Entry]:
        """Entries of the rungs taken that nothing matched."""
        return [entry for entry in self.entries if entry.rung in taken and entry not in self.used]
