"""``lenet-bench lecture``: the lecture's training, with all that it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from bench.base.signals import TYPERS_CODE
from bench.cli.options import Device, Machine, Memory, Precision, Results, Root, Synthetic, Threads, Timeout
from impls.errors import LenetError
from impls.registry import Choice
from impls.spec import LECTURE
from impls.spec import lecture as lecture_recipe


def lecture(
    backend: Annotated[
        list[str] | None, typer.Option(help="What to train, repeatable (default: pytorch:eager and flax:jit).")
    ] = None,
    epochs: Annotated[int, typer.Option(help="How many epochs.", min=1)] = LECTURE.epochs,
    schedule: Annotated[
        Literal["constant", "halving"], typer.Option(help="Keep the learning rate, or halve it after every 10 epochs.")
    ] = "constant",
    learning_rate: Annotated[
        float, typer.Option("--learning-rate", help="Adam's, in the first epoch; the lecture does not state its own.")
    ] = LECTURE.learning_rate,
    initial: Annotated[
        Literal["pytorch", "flax"], typer.Option(help="Whose default scheme the initial parameters follow.")
    ] = "pytorch",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what was interrupted.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Train anew what is stored, or was interrupted.")] = False,
    cifar10_1: Annotated[
        Path | None,
        typer.Option("--cifar10.1", metavar="FOLDER", help="Report accuracy on CIFAR-10.1, whose files are there."),
    ] = None,
    device: Device = "auto",
    precision: Precision = "fp32",
    timeout: Timeout = 1200,
    memory: Memory = None,
    seed: Annotated[
        list[int] | None, typer.Option(help="Of initial parameters and order, repeatable (default: 0).")
    ] = None,
    at_once: Annotated[
        int, typer.Option("--at-once", help="Runs at the same time, each on its part of the cores.", min=1)
    ] = 1,
    threads: Threads = None,
    root: Root = None,
    results: Results = Path("results"),
    machine: Machine = None,
    synthetic: Synthetic = 0,
) -> None:
    """Train as the lecture does, both frameworks from the same initial parameters; curves, filters, parameters.

    What is stored is not trained again. Ctrl-C keeps what was reached, and --resume goes on from there.
    """
    from bench.base.lock import machine_lock
    from bench.base.settings import Settings
    from bench.base.splits import ensure_prepared, splits
    from bench.cli.check import choose
    from bench.lecture.reproduce import Reproduction
    from bench.lecture.side_by_side import side_by_side
    from bench.report.lecture.confusions import draw_confusions
    from bench.report.lecture.hundred_epochs import draw_hundred_epochs
    from bench.report.pages import write_lecture_page
    from bench.report.terminal.lecture import LectureView, draw_all
    from impls import registry
    from impls.data import cifar10_1 as elsewhere

    if registry.not_installed(["matplotlib"]):
        raise LenetError("The lecture's figures need matplotlib, not installed here; `pip install matplotlib`.")
    if resume and again:
        raise LenetError("--resume goes on and --again begins anew; give one of them.")
    if not learning_rate > 0:  # NaN is no rate either
        raise LenetError(f"--learning-rate {learning_rate:g} is not positive.")
    seeds = list(dict.fromkeys(seed or [0]))
    choices = list(dict.fromkeys(choose(name, None) for name in backend or ["pytorch", "flax"]))
    settings = Settings.checked(
        choices,
        device=device,
        precision=precision,
        threads=threads,
        seed=seeds[0],
        timeout=timeout,
        memory=memory,
        option_prefix="--",
        results=results,
        machine=machine,
        root=str(root) if root else None,
        synthetic=synthetic,
    )
    lanes = min(at_once, len(seeds) * len(choices))
    if lanes > settings.threads:
        there = "is 1" if settings.threads == 1 else f"are {settings.threads}"
        raise LenetError(f"--at-once {at_once} needs as many cores; there {there} here.")
    recipe = lecture_recipe(epochs, halving=schedule == "halving", learning_rate=learning_rate, initial=initial)
    other = elsewhere.load(cifar10_1) if cifar10_1 else None
    if not synthetic:
        ensure_prepared(settings.root)
    view = LectureView(Console(emoji=False))
    training, test = map(len, splits(settings.root, synthetic))
    view.heading(settings, recipe, training, test, seeds)

    def runs_of(number: int, of: Sequence[Choice]) -> Reproduction:
        return Reproduction(of, replace(settings, seed=number), recipe, resume=resume, again=again)

    each_seed = [runs_of(number, choices) for number in seeds]
    interrupted = False
    with machine_lock():
        try:
            with view:
                if lanes > 1:
                    alone = [[runs_of(number, [choice]) for choice in choices] for number in seeds]
                    try:
                        jobs = [each for of_seed in alone for each in of_seed]
                        side_by_side(jobs, view.beside_others, lanes=lanes, threads=settings.threads)
                    finally:
                        for reproduction, of_seed in zip(each_seed, alone, strict=True):
                            for each in of_seed:
                                reproduction.reached |= each.reached
                else:
                    for reproduction in each_seed:
                        reproduction.run(view)
            if other:
                for reproduction in each_seed:
                    view.elsewhere(reproduction.look_elsewhere(elsewhere.NAME, other))
        except KeyboardInterrupt:
            interrupted = True
        finally:
            written = [(each.folder, paths) for each in each_seed if (paths := each.write(draw_all))]
            for folder, paths in written:
                view.written(folder, paths)
            if written:
                draw_hundred_epochs(results, settings.machine)
                draw_confusions(results, settings.machine)
                write_lecture_page(results, settings.machine)
    if interrupted:
        for reproduction in each_seed:
            view.interrupted(reproduction.reached, recipe)
        raise typer.Exit(TYPERS_CODE)
