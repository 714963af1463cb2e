"""The command line: ``lenet-bench``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.base.settings import BASELINE
from bench.base.signals import ends_by_signal
from bench.base.system import unsupported
from bench.cli.compare import compare
from bench.cli.gpu import gpu
from bench.cli.lecture import lecture
from bench.cli.merge import merge
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
    Synthetic,
    Threads,
    Timeout,
    recipe_named,
)
from bench.cli.report import report
from bench.cli.show import show
from bench.cli.time import time
from bench.report import escape
from impls import data as pipeline
from impls.errors import LenetError
from impls.spec import LECTURE

app = typer.Typer(
    help="LeNet on CIFAR-10 in PyTorch and JAX/Flax: is it the same computation, and which is faster?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
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
    xfails_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Known deviations, for the page; they change no verdict.")
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

    Exit code 0: equivalent; 1: different; 2: it could not be checked; 3: inconclusive.
    """
    from bench.base.settings import Settings
    from bench.cli.check import EXIT_CODES, Check, choose, require_spec
    from bench.cli.outputs import Outputs
    from bench.parity.known_deviations import KnownDeviations
    from bench.report.terminal.ladder import LadderView

    require_spec(spec)
    outputs = Outputs(json, report or (), badge, KnownDeviations.read(xfails_file))
    choice = choose(name, variant)
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
    view = LadderView(Console(emoji=False), verbose=verbose)
    checked = Check(choice, settings, view, past_failures=past_failures)
    outputs.ensure_writable()
    try:
        found = checked.run(seeds, recipe, jobs)
        view.conclude(found)
    except LenetError:
        if traceback:
            view.console.print_exception()
        raise
    finally:
        checked.write(outputs)
    raise typer.Exit(EXIT_CODES[found.verdict])


@app.command()
def accuracy(
    backend: Annotated[
        list[str] | None,
        typer.Option(help="What to compare with the baseline, repeatable (default: flax:jit)."),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(help=f"What the others are compared with (default: {BASELINE}); its twin is trained too."),
    ] = None,
    seeds: Annotated[int, typer.Option(metavar="N", help="How many seeds, from 0.", min=1)] = 5,
    jobs: Jobs = None,
    recipe_name: RecipeName = LECTURE.name,
    epochs: Epochs = None,
    device: Device = "auto",
    precision: Precision = "fp32",
    timeout: Timeout = 1200,
    memory: Memory = None,
    threads: Threads = None,
    root: Root = None,
    results: Results = Path("results"),
    machine: Machine = None,
    synthetic: Synthetic = 0,
) -> None:
    """Final accuracy over paired seeds, with its uncertainty and the baseline's own twin as the control.

    On a CPU runs are trained side by side, on a GPU the seeds of a variant in lockstep where it can. Every run
    is stored as it ends; what is stored is not trained again.
    """
    from bench.base.lock import machine_lock
    from bench.base.settings import Settings, usual_baseline
    from bench.base.splits import ensure_prepared
    from bench.cli.check import choose
    from bench.report.pages import write_page
    from bench.report.terminal.ladder import LadderView
    from bench.report.terminal.progress import training_progress
    from bench.training.paired import paired_accuracy
    from bench.training.series import how_many_at_once

    base, choices = choose(baseline or usual_baseline(), None), [choose(name, None) for name in backend or ["flax"]]
    settings = Settings.checked(
        choices,
        device=device,
        precision=precision,
        threads=threads,
        timeout=timeout,
        memory=memory,
        option_prefix="--",
        results=results,
        machine=machine,
        root=str(root) if root else None,
        synthetic=synthetic,
    )
    recipe = recipe_named(recipe_name, epochs)
    at_once = how_many_at_once(jobs, settings)
    if not synthetic:
        ensure_prepared(settings.root)
    view = LadderView(Console(emoji=False), verbose=False)
    with machine_lock(), training_progress(view.console) as on_progress:
        found = paired_accuracy(
            choices, settings, recipe, seeds, baseline=base, at_once=at_once, on_progress=on_progress
        )
    view.accuracies(found)
    print(f"All tables: {write_page(results, settings.machine)}")


for command in (time, lecture, gpu, merge, compare, report, show):
    app.command()(command)


@app.command()
def data(root: Root = None) -> None:
    """Fetch CIFAR-10 if need be, decode it once, check it, and say what is there."""
    manifest = pipeline.prepare(root)
    print(f"training images  {manifest.counts['train']:,}")
    print(f"test images      {manifest.counts['test']:,}")
    print(f"source           {manifest.source}")
    print(f"place            {pipeline.data_root(root)}")
    print(f"fingerprint      {manifest.fingerprint}")
    for what, digest in manifest.digests.items():
        print(f"{what:15}  sha256 {digest}")


def main() -> None:
    """Run, and end with one sentence where a person can put something right or a signal came.

    Exit code 2, or 128 and the signal's number.
    """
    try:
        if sentence := unsupported():
            raise LenetError(sentence)
        with ends_by_signal():
            app()
    except LenetError as error:
        Console(stderr=True, emoji=False).print(escape.terminal(f"error: {error}", "red"), soft_wrap=True)
        raise SystemExit(2) from None
