"""The ladder in the terminal: a line a rung as it is taken, and what it all means at the end."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from rich.console import Console
from rich.text import Text

from bench.parity.explanation import explanation
from bench.parity.known_deviations import KnownDeviations
from bench.parity.verdict import FAILED, INCONCLUSIVE, PASSED, REPORTED, SKIPPED, Report, Rung
from bench.report import escape
from bench.report.tables.accuracy import control_sentence, difference_table, seeds_table
from bench.report.tables.cells import rung_figures
from bench.report.tables.table import Table
from bench.report.terminal import table as tables
from bench.training.paired import PairedAccuracy

MARKS = {PASSED: ("✓", "green"), FAILED: ("✗", "red"), SKIPPED: ("·", "dim"), REPORTED: ("i", "yellow")}
UNDECIDED = ("?", "yellow")
KNOWN = ("~", "yellow")
"""A rung that failed just as declared."""


class LadderView:
    """Shows one check.

    Args:
        console: to write to.
        verbose: every comparison with its tolerance, and where tolerances come from.
        known: declared deviations, which are shown as such.
        log: gets every line as well; None for none.
    """

    def __init__(
        self,
        console: Console,
        *,
        verbose: bool,
        known: KnownDeviations | None = None,
        log: Console | None = None,
    ) -> None:
        self.console, self.verbose = console, verbose
        self.known = known or KnownDeviations()
        self._consoles = [console, log] if log else [console]

    def _print(self, *what: Any, **how: Any) -> None:
        """A line, or several, nowhere folded."""
        for console in self._consoles:
            console.print(*what, soft_wrap=True, **how)

    def busy(self, what: str) -> AbstractContextManager[object]:
        """A sign of life while something takes its time; nothing where there is no terminal."""
        return self.console.status(escape.terminal_line(f"{what} …"))

    def begin(self, title: str, about: str = "") -> None:
        """The heading, and what the verdict will be of."""
        self._print("\n", escape.terminal_line(title, "bold"), sep="")
        if about:
            self._print(escape.terminal_line(about, "dim"))
        self._print(f"  {'rung':12}  {'farthest off':>12}  {'allowed':>8}  where", style="dim", highlight=False)

    def show(self, rung: Rung) -> None:
        """One rung."""
        mark = MARKS.get(rung.status, UNDECIDED)
        if rung.status == SKIPPED:
            why = f"  {rung.detail}" if rung.detail else ""
            skipped = escape.terminal(f"{rung.name:12}  skipped{why}", "dim")
            self._print(Text.assemble(mark, " ", skipped))
            return
        new = self.known.new_part(rung)
        where = rung.detail if rung.status == REPORTED else new.where
        if self.known.covers(rung):
            mark, where = KNOWN, f"{where} ({self._how_known(rung)})"
        measured, allowed = rung_figures(new)
        line = escape.terminal(f"{rung.name:12}  {measured:>12}  {allowed:>8}  {where}")
        self._print(Text.assemble(mark, " ", line))
        if self.verbose:
            self._comparisons(rung)

    def _how_known(self, rung: Rung) -> str:
        if rung.failures == 1:
            return "known: it is listed"
        return f"known: all {rung.failures:,} that fail are listed"

    def _comparisons(self, rung: Rung) -> None:
        """Every comparison of a rung, and what its tolerances are made of."""
        lines = [f"tolerances: {rung.source}"]
        for c in rung.comparisons:
            lines.append(f"{c.measured:8.2g} of {c.tolerance:<8.2g} {c.where}{f' ({c.detail})' if c.detail else ''}")
        for line in lines:
            self._print(escape.terminal(f"    {line}", "dim"))

    def accuracies(self, found: PairedAccuracy) -> None:
        """Final accuracies by seed, their differences, and the twin's beside them."""
        self.table(seeds_table(found))
        if differences := difference_table(found):
            self.table(differences)
        if sentence := control_sentence(found):
            self._print(escape.terminal(sentence))

    def table(self, table: Table) -> None:
        """A table of text, figures to the right."""
        for console in self._consoles:
            tables.show(table, console)

    def conclude(self, report: Report) -> None:
        """The verdict, what every failure looks like, and entries of the xfails file that nothing matched."""
        new = self.known.news(report)
        known = self.known.all_known(report)
        style = {"equivalent": "bold green", "different": "bold red"}.get(new.verdict, "bold yellow")
        sentence = _known_sentence(report, self.known) if known else new.sentence + self._besides(report)
        self._print("\n", escape.terminal(sentence[0].upper() + sentence[1:], style), sep="")
        if known and new.verdict == INCONCLUSIVE:
            self._print(escape.terminal(new.sentence[0].upper() + new.sentence[1:], style))
        self._explain(new)
        for entry in self.known.stale_in(report):
            self._print(escape.terminal(f"{self.known.path}: {entry}: this agrees now; remove the entry"))

    def break_off(self, rungs: list[Rung]) -> None:
        """What was found before an error; the error's own sentence is for whoever caught it."""
        new = self.known.news(Report(rungs))
        passed = [rung.name for rung in rungs if rung.status == PASSED]
        if passed:
            self._print(escape.terminal(f"\nThe check broke off. Passed before that: {', '.join(passed)}."))
        for rung in new.rungs:
            if rung.status == FAILED:
                self._print(escape.terminal(f"Failed before that: {rung.name}, {rung.sentence}"))
                self._lines(rung)

    def _explain(self, report: Report) -> None:
        """Every rung that failed, and first the one of the verdict, whose sentence is there already."""
        first = report.first_failed
        if first:
            self._lines(first)
        for rung in report.rungs:
            if rung.status == FAILED and rung is not first:
                self._print(escape.terminal(f"\nThe rung '{rung.name}' failed too: {rung.sentence}"))
                self._lines(rung)

    def _besides(self, report: Report) -> str:
        """How much of a report is listed, where not all of it is."""
        listed = sum(len(self.known.split(rung)[0]) for rung in report.rungs if rung.status == FAILED)
        differ = "comparison differs" if listed == 1 else "comparisons differ"
        return f". Beside that, {listed:,} {differ} as {self.known.path} lists" if listed else ""

    def _lines(self, rung: Rung) -> None:
        for line in explanation(rung, self.known):
            self._print(escape.terminal(line))


def _known_sentence(report: Report, known: KnownDeviations) -> str:
    """That a backend differs, and only as it was declared."""
    failed = [rung for rung in report.rungs if rung.status == FAILED]
    count, names = sum(rung.failures for rung in failed), ", ".join(f"'{rung.name}'" for rung in failed)
    return (
        f"different, and all of it is known: {count:,} comparison{'s' if count > 1 else ''} on the "
        f"rung{'s' if len(failed) > 1 else ''} {names} {'differ' if count > 1 else 'differs'} as {known.path} lists"
    )
