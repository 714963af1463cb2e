"""``lenet-bench time``: time a backend, from a checkout or an installed wheel."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bench.cli.options import Device, Machine, Memory, Precision, Results, Root, Synthetic, Threads, Timeout, Wide
from bench.report import escape
from impls.errors import LenetError

if TYPE_CHECKING:
    from bench.base.settings import Settings

FINISHED = (0, 1)
"""pytest's exit codes of a run that came to its end: everything passed, or something failed."""


def time(
    name: Annotated[str, typer.Argument(metavar="NAME", help="pytorch, flax:scan, or your package.module:Class.")],
    against: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="What to compare it with, repeatable (default: pytorch:eager, or reference:float32 without PyTorch).",
        ),
    ] = None,
    blocks: Annotated[
        int | None, typer.Option(help="How many times each variant is started and timed (default: 4).", min=1)
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="One block, so ratios without an interval.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Continue the newest run that was not finished.")] = False,
    wide: Wide = False,
    device: Device = "auto",
    precision: Precision = "fp32",
    seed: Annotated[int, typer.Option(help="Of initial parameters and order.")] = 0,
    threads: Threads = None,
    timeout: Timeout = 1200,
    memory: Memory = None,
    root: Root = None,
    results: Results = Path("results"),
    machine: Machine = None,
    synthetic: Synthetic = 0,
) -> None:
    """Is this backend right, and how fast is it? Timed beside others, in fresh processes, in turn.

    Exit code 0: everything was measured, and all verdicts are "equivalent"; 1: something failed or differs;
    2: it could not start, or was interrupted.
    """
    from bench.base.settings import Settings
    from bench.base.splits import ensure_prepared
    from bench.cli.check import choose

    console = Console(emoji=False, highlight=False, stderr=True)
    choice = choose(name, None)
    others = [choose(other, None) for other in against or []]
    settings = Settings.checked(
        list(dict.fromkeys([*others, choice])),
        device=device,
        precision=precision,
        threads=threads,
        quick=quick,
        blocks=blocks,
        seed=seed,
        timeout=timeout,
        memory=memory,
        option_prefix="--",
        results=results.absolute(),
        machine=machine,
        root=str(root) if root else None,
        synthetic=synthetic,
        against=tuple(other.label for other in others),
    )
    if not synthetic:
        ensure_prepared(settings.root)
    with console.status("starting each backend once"):
        for each in settings.choices:
            _ensure_starts(each.label, settings)
        if not against:
            settings = _with_a_baseline(settings, console)
    raise typer.Exit(_run(settings, resume=resume, wide=wide))


def _ensure_starts(label: str, settings: Settings) -> None:
    """Start a backend once: a wrong name or a missing device should be known before anything is timed."""
    from bench.worker.variant import Subject
    from impls import registry

    Subject(registry.choices(label)[0], settings, settings.recipe).close()


def _with_a_baseline(settings: Settings, console: Console) -> Settings:
    """The settings with the usual baseline, or with none where it does not run on this device."""
    from bench.base.settings import BASELINE, usual_baseline
    from impls import registry

    label = usual_baseline()
    baseline = registry.choices(label)[0]
    if label != BASELINE:
        reason = registry.lacking(registry.choices(BASELINE)[0])
        console.print(escape.terminal(f"Compared with {label}, not {BASELINE}: {reason}."), soft_wrap=True)
    if baseline in settings.choices:
        return replace(settings, against=(label,))
    try:
        _ensure_starts(label, settings)
    except LenetError as error:
        console.print(escape.terminal(f"Compared with nothing; name a backend with --against. {error}"), soft_wrap=True)
        return settings
    return replace(settings, choices=[baseline, *settings.choices], against=(label,))


def _run(settings: Settings, *, resume: bool, wide: bool) -> int:
    """Run the benchmarks; an exit code of `time`."""
    import pytest

    from bench.timing.pytest_run import Asked, arguments

    for variable in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):  # what they ask for is for the user's own tests
        os.environ.pop(variable, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    options = [option for option, given in (("--resume", resume), ("--wide", wide)) if given]
    command = arguments("-p", "pytest_benchmark.plugin", *options)
    code = int(pytest.main(command, plugins=[Asked(settings)]))
    return code if code in FINISHED else 2
