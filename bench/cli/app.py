"""The command line: ``lenet-bench``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.base.settings import BASELINE
from bench.base.signals import ends_by_signal
from bench.base.system import unsupported
from bench.cli.check_command import check
from bench.cli.compare import compare
from bench.cli.gpu import gpu
from bench.cli.lecture import lecture
from bench.cli.merge import merge
from bench.cli.new import new
from bench.cli.options import (
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
from bench.cli.validate import validate
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
app.command()(check)


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


for command in (new, time, lecture, gpu, merge, compare, report, show, validate):
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
