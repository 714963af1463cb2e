"""A comparison of two runs, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table as RichTable

from bench.report import escape
from bench.report.tables.cells import NOTHING, agreement_text
from bench.report.terminal.table import plain_table
from bench.results.comparison import Comparison, environment_unknown
from bench.results.load import Run
from bench.stats.change import FAMILY_LEVEL, FASTER, NOT_JUDGED, SLOWER, Figure

STYLES = {SLOWER: "bold red", FASTER: "bold green", NOT_JUDGED: "yellow"}
MUCH = 10.0
"""A change, as a fraction, that nobody needs in figures: two or three blocks leave more open than that."""

READING = f"""Changes are relative to the control, a bare script run beside it, with the 95 % interval of each figure by
itself: the wider of that over the blocks of both runs and that over repeated runs of one commit. "Slower" and "faster"
stand where Holm's correction over all judged figures keeps p below {FAMILY_LEVEL:.0%}: two runs of the same thing show
either once in a hundred times, however many figures there are."""

UNJUDGED = """Changes are relative to the control, a bare script run beside it, with an interval over the blocks of both
runs. Two runs of one commit differ by more than that, so there is no verdict. Time both in the same blocks with
`lenet-bench compare --against COMMIT`, or let `make repeats` show what chance alone does on this machine."""


def show(found: Comparison, console: Console) -> None:
    """Print the two runs, the table of changes, what it comes to and what was not compared."""
    for which, run in (("old", found.old), ("new", found.new)):
        console.print(escape.terminal(f"{which}  {escape.one_line(_run_text(run))}"), soft_wrap=True)
    for table in _tables(found):
        console.print()
        console.print(table)
    console.print()
    if found.figures:
        console.print((READING if found.judged else UNJUDGED).replace("\n", " "), style="dim", highlight=False)
    if found.control:
        console.print(
            f"The control took {found.control:.2f} times as long in the new run: that is the machine's doing, and is "
            "divided out.",
            highlight=False,
        )
    console.print(conclusion(found), style="bold", highlight=False)
    for text in remarks(found):
        console.print(escape.terminal(text), soft_wrap=True)


def _run_text(run: Run) -> str:
    parts = [str(run.path), run.date, f"commit {run.commit}"]
    return ", ".join([*parts, "not complete"] if run.complete is False else parts)


def _tables(found: Comparison) -> Iterator[RichTable]:
    """A table for each variant, under its name and the verdict of the ladder that its times were measured under."""
    for title, figures in groupby(
        found.figures, key=lambda f: f"{f.label}, {_agreement(found, f.label, f.measure.kind)}"
    ):
        yield figure_table(title, list(figures))


def figure_table(title: str, figures: Sequence[Figure]) -> RichTable:
    """A variant's figures: what each was, what it is, its change and the verdict."""
    # All of it fits 80 columns, and every table is as wide as the others, so that columns stand below each other.
    table = plain_table()
    table.title, table.title_justify = escape.terminal_line(title, "bold"), "left"
    table.add_column("figure", width=18, overflow="fold")
    table.add_column("old, s", justify="right", width=8, overflow="fold")
    table.add_column("new, s", justify="right", width=8, overflow="fold")
    table.add_column("change (95 % interval)", justify="right", width=24, overflow="fold")
    table.add_column("verdict", width=13, overflow="fold")
    for figure in figures:
        change = figure.reason or change_text(figure)
        cells = [figure.measure.name, _seconds(figure.old), _seconds(figure.new), change, figure.verdict]
        table.add_row(*map(escape.terminal_line, cells), style=STYLES.get(figure.verdict))
    return table


def _agreement(found: Comparison, label: str, kind: str) -> str:
    """The verdict of the ladder that a row was measured under, in both runs where it changed."""
    old, new = (agreement_text(run.rows[label, kind]) for run in (found.old, found.new))
    return old if old == new else f"{old} → {new}"


def _seconds(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3g}"


def change_text(figure: Figure) -> str:
    """The change in percent with its interval, e.g. "+20.3 % (+17.1 to +23.6)"."""
    if figure.change is None or figure.low is None or figure.high is None:
        return NOTHING
    high = f"{100 * figure.high:+.1f}" if figure.high < MUCH else "any"
    return f"{100 * figure.change:+.1f} % ({100 * figure.low:+.1f} to {high})"


def conclusion(found: Comparison) -> str:
    """How many figures became slower and faster, and how much the others had to change to be found."""
    return conclusion_of(found.figures, "`lenet-bench compare --against COMMIT` finds less")


def conclusion_of(figures: Sequence[Figure], advice: str) -> str:
    """The same of any figures; the advice says what finds smaller changes."""
    judged = [figure for figure in figures if figure.verdict != NOT_JUDGED]
    if not judged:
        return "Nothing could be judged."
    verdicts = [figure.verdict for figure in judged]
    slower, faster, left_out = verdicts.count(SLOWER), verdicts.count(FASTER), len(figures) - len(verdicts)
    rest = f"; {left_out} more could not be judged" if left_out else ""
    needed = [figure.needed for figure in judged if figure.needed is not None]
    least, most = (f"{100 * x:.0f} %" if x < MUCH else "any amount" for x in (min(needed), max(needed)))
    return (
        f"Of {len(verdicts)} figures judged, {slower} became slower and {faster} faster{rest}. To be told from noise, "
        f"a figure had to change by more than {least} ({most} at worst) here; {advice}."
    )


def over_limit_text(figures: Sequence[Figure], over: Sequence[Figure], percent: float) -> str:
    """Which figures are over the limit of --fail-over, and which are only near it."""
    near = [each for each in figures if each.verdict == SLOWER and 100 * (each.change or 0) > percent]
    near = [each for each in near if each not in over]
    if over:
        text = f"Slower by more than {percent:g} %, the whole interval: {_names(over)}."
    else:
        text = f"Nothing is slower by more than {percent:g} % with its whole interval."
    if near:
        text += f" Slower, but the interval reaches below {percent:g} %: {_names(near)}; more blocks narrow it."
    return text


def _names(figures: Sequence[Figure]) -> str:
    return ", ".join(f"{each.label} {each.measure.name} {change_text(each)}" for each in figures)


def remarks(found: Comparison) -> list[str]:
    """What the tables do not say: the same code, warnings, rows of one run alone, changed verdicts, lost rows."""
    texts = []
    if found.judged:
        texts.append(f"What chance alone does is from {found.repeated} repeated runs of one commit.")
    if unjudged := [each for each in found.figures if each.change is not None and each.p is None and found.judged]:
        texts.append(f"Not judged, for the repeated runs have none of it: {_names(unjudged)}.")
    if found.old.code and found.old.code == found.new.code:
        texts.append("Both runs are of the same code.")
    if unknown := environment_unknown(found.old, found.new):
        runs = " and the ".join(unknown)
        texts.append(f"Environment variables were not recorded in the {runs} run, so they were not compared.")
    for which, keys in (("old", found.only_old), ("new", found.only_new)):
        if keys:
            texts.append(f"Only in the {which} run: {_rows_text(keys)}.")
    old, new = (_specification(run) for run in (found.old, found.new))
    if old != new:
        texts.append(f"Verdicts of the old run are of specification {old}, those of the new run of {new}.")
    for label, kind in found.verdict_changed:
        texts.append(f"Agreement changed: {label} {kind}: {_agreement(found, label, kind)}.")
    for which, run in (("old", found.old), ("new", found.new)):
        texts += [f"Not measured in the {which} run: {lost['name']}: {lost['reason']}" for lost in run.lost]
        texts += [f"Of the {which} run: {warning}." for warning in run.warnings]
    return texts


def _specification(run: Run) -> str:
    """The version that a run's verdicts are of; rows from before it was recorded are of the first."""
    return " and ".join(map(str, sorted({row.get("spec", 1) for row in run.records})))


def _rows_text(keys: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{label} {kind}" for label, kind in keys)
