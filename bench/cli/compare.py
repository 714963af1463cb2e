"""``lenet-bench compare``: what became slower or faster."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bench.report import escape
from impls.errors import LenetError

if TYPE_CHECKING:
    from bench.stats.change import Figure


def compare(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A results file, <results>/<machine>/<time>.json.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Another one, of the same device, versions and options.")],
    fail_over: Annotated[
        float | None,
        typer.Option(
            metavar="PERCENT",
            help='Exit with 1 if anything is "slower" and its whole 95 % interval lies above PERCENT.',
        ),
    ] = None,
) -> None:
    """What became slower or faster from one results file to another, beyond noise?

    Exit code 0; 1: something is slower by more than --fail-over, its whole interval; 2: they cannot be compared.
    """
    from bench.report.terminal.comparison import show
    from bench.results import comparison
    from bench.results.load import load

    ensure_percentage(fail_over)
    found = comparison.compare(load(old), load(new))
    console = Console(emoji=False)
    show(found, console)
    raise typer.Exit(exit_code(found.figures, fail_over, console))


def ensure_percentage(fail_over: float | None) -> None:
    """Refuse a limit that is no percentage.

    Raises:
        LenetError: it is negative, or no number.
    """
    if fail_over is not None and not fail_over >= 0:  # NaN is no percentage either
        raise LenetError(f"--fail-over {fail_over:g} is no percentage; give 0 or more.")


def exit_code(figures: Sequence[Figure], fail_over: float | None, console: Console) -> int:
    """The exit code that a comparison has, and a sentence that says why.

    Args:
        figures: of the comparison.
        fail_over: the limit in percent; None for no limit.
        console: to write to.

    Raises:
        LenetError: there is a limit, and no figure could be judged.
    """
    from bench.report.terminal.comparison import over_limit_text
    from bench.stats.change import NOT_JUDGED, slower_than

    if fail_over is None:
        return 0
    if all(figure.verdict == NOT_JUDGED for figure in figures):
        raise LenetError("--fail-over has nothing to go by, for no figure could be judged; the table says why.")
    over = slower_than(figures, fail_over)
    console.print(escape.terminal(over_limit_text(figures, over, fail_over)), soft_wrap=True)
    return int(bool(over))
