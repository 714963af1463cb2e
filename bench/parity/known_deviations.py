"""What a third party knows to differ, listed in a file of its own, so that the kit reports only what is new."""

from __future__ import annotations

import difflib
import glob
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path

from bench.parity.rungs import RUNGS
from bench.parity.verdict import FAILED, SKIPPED, Measured, Report, Rung
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
    """All entries of a file, and which of them something matched so far.

    Attributes:
        entries: of the file, in its order.
        used: entries that something matched.
        path: of the file; empty where there is none.
    """

    entries: list[Entry] = field(default_factory=list)
    used: set[Entry] = field(default_factory=set)
    path: str = ""

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
        return cls(entries, path=path)

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

    def new_lines(self, rung: Rung) -> list[str]:
        """The failed comparisons of a rung that are not listed, each as the line that would list it."""
        if rung.status != FAILED or rung.name not in RUNGS:
            return []  # a rung that is only reported fails nothing, and `--seeds` adds one that no file may name
        return [f"{rung.name}: {glob.escape(each.what)}" for each in self.split(rung)[1]]

    def covers(self, rung: Rung) -> bool:
        """Whether a rung failed, and every comparison of it that failed is listed."""
        listed, news = self.split(rung)
        return rung.status == FAILED and bool(listed) and not news

    def new_part(self, rung: Rung) -> Rung:
        """A failed rung as those failures have it that are not listed; any other rung as it is."""
        listed, news = self.split(rung)
        if rung.status != FAILED or not listed or not news:
            return rung
        first, about = news[0], {RUNGS[rung.name].slight(each) for each in news}
        return replace(
            rung,
            measured=first.measured,
            tolerance=first.tolerance,
            where=first.where,
            place=first.place,
            detail=first.detail,
            failures=len(news),
            only="" if "" in about else " and ".join(sorted(about)),
        )

    def news(self, report: Report) -> Report:
        """What a report would say if nothing that is listed had been compared."""
        return replace(report, rungs=[self.new_part(rung) for rung in report.rungs if not self.covers(rung)])

    def all_known(self, report: Report) -> bool:
        """Whether something failed, and all of it is listed."""
        failed = [rung for rung in report.rungs if rung.status == FAILED]
        return bool(failed) and all(map(self.covers, failed))

    def stale_in(self, report: Report) -> list[Entry]:
        """Entries of the rungs that a report has, but for skipped ones, that nothing matched."""
        for rung in report.rungs:
            self.split(rung)
        return self.stale({rung.name for rung in report.rungs if rung.status != SKIPPED})

    def stale(self, taken: set[str]) -> list[Entry]:
        """Entries of the rungs taken that nothing matched."""
        return [entry for entry in self.entries if entry.rung in taken and entry not in self.used]
