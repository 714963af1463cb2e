"""The ladder in the terminal: a line a rung as it is taken, and what it all means at the end."""

from __future__ import annotations

from contextlib import AbstractContextManager

from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from bench.parity.verdict import FAILED, PASSED, REPORTED, SKIPPED, Report, Rung
from bench.report.tables.accuracy import control_sentence, difference_table, seeds_table
from bench.report.tables.table import Table
from bench.training.paired import PairedAccuracy

MARKS = {PASSED: "[green]✓[/]", FAILED: "[red]✗[/]", SKIPPED: "[dim]·[/]", REPORTED: "[yellow]i[/]"}
UNDECIDED = "[yellow]?[/]"


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
        return self.console.status(f"{what} …")

    def begin(self, title: str) -> None:
        """The heading."""
        self.console.print(f"\n[bold]{escape(title)}[/]", highlight=False)
        self.console.print(f"  {'rung':12}  {'farthest off':>12}  {'allowed':>8}  where", style="dim", highlight=False)

    def show(self, rung: Rung) -> None:
        """One rung."""
        mark = MARKS.get(rung.status, UNDECIDED)
        if rung.status == SKIPPED:
            why = f"  {escape(rung.detail)}" if rung.detail else ""
            self.console.print(f"{mark} [dim]{rung.name:12}  skipped{why}[/]", highlight=False, soft_wrap=True)
            return
        where = rung.detail if rung.status == REPORTED else rung.where
        exact = rung.tolerance == 0
        measured = ("exact" if not rung.measured else f"{rung.measured:g}") if exact else f"{rung.measured:.1e}"
        allowed = "" if exact else f"{rung.tolerance:.1e}"
        line = f"{mark} {rung.name:12}  {measured:>12}  {allowed:>8}  {escape(where)}"
        self.console.print(line, highlight=False, soft_wrap=True)
        if self.verbose:
            self._comparisons(rung)

    def _comparisons(self, rung: Rung) -> None:
        """Every comparison of a rung, and what its tolerances are made of."""
        lines = [f"tolerances: {rung.source}"]
        for c in rung.comparisons:
            lines.append(f"{c.measured:8.2g} of {c.tolerance:<8.2g} {c.where}{f' ({c.detail})' if c.detail else ''}")
        for line in lines:
            self.console.print(f"    {escape(line)}", style="dim", highlight=False, soft_wrap=True)

    def accuracies(self, found: PairedAccuracy) -> None:
        """Final accuracies by seed, their differences, and the twin's beside them."""
        self.table(seeds_table(found))
        if differences := difference_table(found):
            self.table(differences)
        if sentence := control_sentence(found):
            self.console.print(sentence, highlight=False)

    def table(self, table: Table) -> None:
        """A table of text, figures to the right."""
        rich = RichTable(*table.header)
        for column in rich.columns[1:]:
            column.justify = "right"
        for row in table.rows:
            rich.add_row(*map(escape, row))
        self.console.print(rich)

    def conclude(self, report: Report) -> None:
        """The verdict, and what the first failure looks like."""
        style = {"equivalent": "bold green", "different": "bold red"}.get(report.verdict, "bold yellow")
        sentence = report.sentence[0].upper() + report.sentence[1:]
        self.console.print(f"\n[{style}]{escape(sentence)}[/]", highlight=False, soft_wrap=True)
        failed = report.first_failed
        for cause in failed.causes if failed else []:
            self.console.print(f"Looks like: {escape(cause)}.", highlight=False, soft_wrap=True)
