"""``lenet-bench compare``: what became slower or faster, between two results files or two builds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bench.cli.both_builds import VARIANTS
from bench.cli.options import (
    Device,
    Machine,
    Memory,
    Precision,
    Results,
    Root,
    SummaryFiles,
    Synthetic,
    Threads,
    Timeout,
)
from bench.report import escape
from impls.errors import LenetError

if TYPE_CHECKING:
    from bench.results.comparison import Comparison
    from bench.stats.change import Figure


def compare(
    old: Annotated[
        Path | None, typer.Argument(metavar="OLD", help="A results file, <results>/<machine>/<time>.json.")
    ] = None,
    new: Annotated[
        Path | None, typer.Argument(metavar="NEW", help="Another one, of the same device, versions and options.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="COMMIT", help="Time this code and that of a commit in the same blocks, in turn."),
    ] = None,
    against_python: Annotated[
        str | None,
        typer.Option(metavar="PYTHON", help="Likewise what another environment has installed, by its interpreter."),
    ] = None,
    backend: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help=f"What to time in both, repeatable (default: {', '.join(VARIANTS)})."),
    ] = None,
    blocks: Annotated[
        int | None, typer.Option(help="How many times each variant of each build is started (default: 20).", min=2)
    ] = None,
    rounds: Annotated[
        int | None,
        typer.Option(
            help="Timed epochs in each block, after one of warm-up (default: 3, or 10 where they are short).", min=1
        ),
    ] = None,
    repeats: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Results files of one commit, which show what chance alone does to two files "
            "(default: <results>/repeats/<machine>).",
        ),
    ] = None,
    fail_over: Annotated[
        float | None,
        typer.Option(
            metavar="PERCENT",
            help='Exit with 1 if anything is "slower" and its whole 95 % interval lies above PERCENT.',
        ),
    ] = None,
    summary: SummaryFiles = None,
    device: Device = "auto",
    precision: Precision = "fp32",
    threads: Threads = None,
    timeout: Timeout = 1200,
    memory: Memory = None,
    root: Root = None,
    results: Results = Path("results"),
    machine: Machine = None,
    synthetic: Synthetic = 0,
) -> None:
    """What became slower or faster: from one results file to another, or from another build to this one?

    Two results files differ by their runs as well as by their code, so they get a verdict only where repeated runs of
    one commit show what chance alone does on the machine (`make repeats`). With --against or --against-python both
    builds are timed in the same blocks in turn, which removes that; it takes minutes, and needs no results file.

    Exit code 0; 1: something is slower by more than --fail-over, its whole interval; 2: they cannot be compared.
    """
    from bench.cli.summaries import Summaries
    from bench.report.summary.comparison import COMMAND, of_two_builds, of_two_files

    summaries, console = Summaries(COMMAND, summary or ()), Console(emoji=False)
    with summaries.telling_failures():
        ensure_percentage(fail_over)
        builds = [each for each in (against, against_python) if each is not None]
        if len(builds) > 1 or (builds and old) or (not builds and not new):
            raise LenetError("Give two results files, or one of --against COMMIT and --against-python PYTHON.")
        if old and (backend or blocks or rounds):
            raise LenetError("--backend, --blocks and --rounds are for --against; two results files need none of them.")
        if old and new:
            compared = _two_files(old, new, repeats, console)
            summaries.add(of_two_files(compared, fail_over))
            raise typer.Exit(exit_code(compared.figures, fail_over, console))

        from bench.base.settings import Settings
        from bench.cli.both_builds import both, chosen, time_both
        from bench.timing.two_builds import BLOCKS

        settings = Settings.checked(
            chosen(backend or []),
            device=device,
            precision=precision,
            threads=threads,
            blocks=BLOCKS if blocks is None else blocks,
            timeout=timeout,
            memory=memory,
            option_prefix="--",
            results=results,
            machine=machine,
            root=str(root) if root else None,
            synthetic=synthetic,
        )
        with both(against, against_python) as (before, now):
            found = time_both(before, now, settings, rounds, console)
        summaries.add(of_two_builds(found, fail_over))
        raise typer.Exit(exit_code(found.figures, fail_over, console))


def _two_files(old: Path, new: Path, repeats: Path | None, console: Console) -> Comparison:
    from bench.report.terminal.comparison import show
    from bench.results import comparison
    from bench.results.load import load
    from bench.results.repeats import folder_of, repeats_for

    before, after = load(old), load(new)
    if repeats and not repeats.is_dir():
        raise LenetError(f"There is no folder {repeats}; give the one that holds your repeated runs.")
    folder = repeats or folder_of(after)
    found = comparison.compare(before, after, repeats_for(after, folder))
    show(found, console)
    return found


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
