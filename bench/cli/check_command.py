"""``lenet-bench check``: the command, its options and its exit codes."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.cli.options import (
    CHECK_TIMEOUT,
    Device,
    Epochs,
    Jobs,
    Machine,
    Memory,
    Precision,
    RecipeName,
    Results,
    Root,
    SummaryFiles,
    Synthetic,
    Threads,
    Timeout,
    recipe_named,
)
from impls.errors import LenetError
from impls.spec import LECTURE


def check(
    name: Annotated[str, typer.Argument(metavar="NAME", help="pytorch, flax:scan, or your package.module:Class.")],
    variant: Annotated[str | None, typer.Option(help="Which of its variants (default: its first).")] = None,
    device: Device = "auto",
    precision: Precision = "fp32",
    seeds: Annotated[
        int, typer.Option(metavar="N", help="Compare final accuracy over N seeds as well; minutes each.", min=0)
    ] = 0,
    jobs: Jobs = None,
    recipe_name: RecipeName = LECTURE.name,
    epochs: Epochs = None,
    json: Annotated[Path | None, typer.Option(help="Write everything found to this file.")] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Write one page about the check, FILE.md or FILE.html; repeatable."),
    ] = None,
    badge: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a badge for shields.io to this JSON file.")
    ] = None,
    summary: SummaryFiles = None,
    xfails_file: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Known deviations, one a line: go on past them, and fail on what is new."),
    ] = None,
    log: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Add every line to the end of this file as well, as it comes.")
    ] = None,
    spec: Annotated[
        int | None, typer.Option(metavar="N", help="Refuse to check by another version of the specification than N.")
    ] = None,
    past_failures: Annotated[bool, typer.Option("--all", help="Go on after a rung has failed.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Every comparison, and where its tolerance comes from.")
    ] = False,
    traceback: Annotated[bool, typer.Option("--traceback", help="On an error, where it came from.")] = False,
    timeout: Timeout = CHECK_TIMEOUT,
    memory: Memory = None,
    seed: Annotated[int, typer.Option(help="Of initial parameters, order and made-up inputs.")] = 0,
    threads: Threads = None,
    root: Root = None,
    results: Results = Path("results"),
    machine: Machine = None,
    synthetic: Synthetic = 0,
) -> None:
    """Is this backend the same computation as the reference? If not, say where it first differs.

    Exit code 0: equivalent, or different only as the xfails file lists; 1: different; 2: it could not be checked;
    3: inconclusive.
    """
    from bench.base.settings import Settings
    from bench.cli.check import Check, choose, require_spec
    from bench.cli.outputs import Outputs
    from bench.cli.summaries import Summaries
    from bench.parity.known_deviations import KnownDeviations
    from bench.report import escape
    from bench.report.summary.check import COMMAND
    from bench.report.terminal.ladder import LadderView
    from bench.report.terminal.log import Log

    summaries = Summaries(COMMAND, summary or ())
    with summaries.telling_failures(name), ExitStack() as stack:
        require_spec(spec)
        known = KnownDeviations.read(xfails_file)
        outputs = Outputs(json, report or (), badge, known, summaries, log)
        choice = choose(name, variant)
        outputs.ensure_writable()
        logged = stack.enter_context(Log(log)) if log else None
        if logged:
            logged.head(f"lenet-bench check {name}")
        settings = Settings.checked(
            [choice],
            device=device,
            precision=precision,
            threads=threads,
            seed=seed,
            timeout=timeout,
            memory=memory,
            option_prefix="--",
            results=results,
            machine=machine,
            root=str(root) if root else None,
            synthetic=synthetic,
        )
        recipe = recipe_named(recipe_name, epochs)
        view = LadderView(Console(emoji=False), verbose=verbose, known=known, log=logged.console if logged else None)
        checked = Check(choice, settings, view, past_failures=past_failures)
        try:
            found = checked.run(seeds, recipe, jobs)
            view.conclude(found)
        except LenetError:
            if traceback:
                view.console.print_exception()
            raise
        finally:
            if checked.error:
                view.break_off(checked.rungs)
            if logged and logged.problem:
                view.console.print(escape.terminal(logged.problem, "yellow"), soft_wrap=True)
            checked.write(outputs)
    raise typer.Exit(checked.exit_code)
