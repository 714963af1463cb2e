"""The ladder in the terminal: a line a rung as it is taken, and what it all means at the end."""

from __future__ import annotations

from contextlib import AbstractContextManager

from rich.console import Console
from rich.text import Text

from bench.parity.verdict import FAILED, PASSED, REPORTED, SKIPPED, Report, Rung
from bench.report import escape
from bench.report.tables.accuracy import control_sentence, difference_table, seeds_table
from bench.report.tables.cells import rung_figures
from bench.report.tables.table import Table
from bench.report.terminal import table as tables
from bench.training.paired import PairedAccuracy

MARKS = {PASSED: ("✓", "green"), FAILED: ("✗", "red"), SKIPPED: ("·", "dim"), REPORTED: ("i", "yellow")}
UNDECIDED = ("?", "yellow")


class LadderView:
    """Shows one check.

    Args:
        console: to write to.
        verbose: every comparison with its tolerance, and where tolerances come from.
    """

    def __init__(self, console: Console, *, verbose: bool) -> None:
        self.console, self.verbose = console, verbose

    def busy(self, what: str) -> AbstractContextManager[object]:
        """A sign of life while something takes its time; nothing where there is no terminal."""
        return self.console.status(escape.terminal_line(f"{what} …"))

    def begin(self, title: str, about: str = "") -> None:
        """The heading, and what the verdict will be of."""
        self.console.print("\n", escape.terminal_line(title, "bold"), sep="")
        if about:
            self.console.print(escape.terminal_line(about, "dim"), soft_wrap=True)
        self.console.print(f"  {'rung':12}  {'farthest off':>12}  {'allowed':>8}  where", style="dim", highlight=False)

    def show(self, rung: Rung) -> None:
        """One rung."""
        mark = MARKS.get(rung.status, UNDECIDED)
        if rung.status == SKIPPED:
            why = f"  {rung.detail}" if rung.detail else ""
            skipped = escape.terminal(f"{rung.name:12}  skipped{why}", "dim")
            self.console.print(Text.assemble(mark, " ", skipped), soft_wrap=True)
            return
        where = rung.detail if rung.status == REPORTED else rung.where
        measured, allowed = rung_figures(rung)
        line = escape.terminal(f"{rung.name:12}  {measured:>12}  {allowed:>8}  {where}")
        self.console.print(Text.assemble(mark, " ", line), soft_wrap=True)
        if self.verbose:
            self._comparisons(rung)

    def _comparisons(self, rung: Rung) -> None:
        """Every comparison of a rung, and what its tolerances are made of."""
        lines = [f"tolerances: {rung.source}"]
        for c in rung.comparisons:
            lines.append(f"{c.measured:8.2g} of {c.tolerance:<8.2g} {c.where}{f' ({c.detail})' if c.detail else ''}")
        for line in lines:
            self.console.print(escape.terminal(f"    {line}", "dim"), soft_wrap=True)

    def accuracies(self, found: PairedAccuracy) -> None:
        """Final accuracies by seed, their differences, and the twin's beside them."""
        self.table(seeds_table(found))
        if differences := difference_table(found):
            self.table(differences)
        if sentence := control_sentence(found):
            self.console.print(escape.terminal(sentence))

    def table(self, table: Table) -> None:
        """A table of text, figures to the right."""
        tables.show(table, self.console)

    def conclude(self, report: Report) -> None:
        """The verdict, and what the first failure looks like."""
        style = {"equivalent": "bold green", "different": "bold red"}.get(report.verdict, "bold yellow")
        sentence = report.sentence[0].upper() + report.sentence[1:]
        self.console.print("\n", escape.terminal(sentence, style), sep="", soft_wrap=True)
        failed = report.first_failed
        for cause in failed.causes if failed else []:
            self.console.print(escape.terminal(f"Looks like: {cause}."), soft_wrap=True)
