"""``lenet-bench gpu``: measure a GPU that is available for minutes only."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.cli.options import Device, Machine, Memory, Results, Root, Synthetic, Threads, Timeout
from bench.report import escape
from impls.errors import LenetError

IMAGES = 50_000
"""The number of made-up images without CIFAR-10: as many as it has, so that an epoch costs the same."""


def gpu(
    minutes: Annotated[float, typer.Option(help="The longest time for this slice, including its archive.")] = 9.0,
    backend: Annotated[
        list[str] | None, typer.Option(help="A variant to measure, repeatable (default: the six that suit a GPU).")
    ] = None,
    precision: Annotated[
        list[str] | None,
        typer.Option(help="A precision, repeatable, in this order (default: fp32, tf32, bf16)."),
    ] = None,
    blocks: Annotated[int, typer.Option(help="How many times each variant is started and timed.", min=1)] = 4,
    seeds: Annotated[int, typer.Option(help="The number of seeds for accuracy.", min=1)] = 5,
    archives: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to write archives (default: the visit's folder).")
    ] = None,
    device: Device = "cuda",
    timeout: Timeout = 300,
    memory: Memory = None,
    threads: Threads = None,
    root: Root = None,
    results: Results = Path("results"),
    machine: Machine = None,
    synthetic: Synthetic = 0,
) -> None:
    """Measure a GPU in short slices: verdicts, then times, then accuracy. Every result is stored at once.

    Run it again to continue. Each slice writes an archive of at most 16 MB with what is new, for `lenet-bench merge`
    on another machine. Without CIFAR-10 it times made-up images and trains nothing.

    Exit code 1: a step failed, and its log says why. Exit code 2: it could not start.
    """
    from bench.base.lock import machine_lock
    from bench.base.settings import Settings
    from bench.visit.archive import write_archive
    from bench.visit.plan import PRECISIONS, VARIANTS, folder_of, plan
    from bench.visit.run import STATE, run_slice
    from bench.visit.state import FAILED, State
    from impls import registry
    from impls.data import is_prepared
    from impls.reference.rounding import MANTISSA_BITS

    deadline = time.monotonic() + 60 * minutes
    if not minutes > 0:
        raise LenetError(f"--minutes {minutes:g} is not positive.")
    choices = list(dict.fromkeys(choice for name in backend or VARIANTS for choice in registry.choices(name)))
    data = not synthetic and is_prepared(root)
    settings = Settings.checked(
        choices,
        device=device,
        threads=threads,
        blocks=blocks,
        timeout=timeout,
        memory=memory,
        option_prefix="--",
        results=results.resolve(),
        machine=machine,
        root=str(root.resolve()) if root else None,
        synthetic=synthetic or (0 if data else IMAGES),
    )
    precisions = precision or list(PRECISIONS)
    if unknown := [each for each in precisions if each not in MANTISSA_BITS]:
        raise LenetError(f"There is no precision {unknown[0]!r}; choose {', '.join(MANTISSA_BITS)}.")
    steps = plan(choices, settings, precisions, seeds=seeds, data=data)
    folder, console = folder_of(settings), Console(emoji=False)
    options = settings.as_dict() | {"precisions": precisions, "seeds": seeds}
    del options["precision"]

    def say(what: str) -> None:
        console.print(escape.terminal(what), soft_wrap=True)

    with machine_lock(folder / ".lock"):
        state = State.resumed(folder / STATE, options)
        if not data:
            why = "" if synthetic else "CIFAR-10 has not been prepared here: "
            say(f"{why}{settings.synthetic:,} made-up images are timed, and nothing is trained.")
        run_slice(steps, state, folder, deadline, say)
        if archive := write_archive(settings.results, settings.machine, state, archives or folder):
            say(f"{archive.path}: {archive.files} files, {archive.bytes / 1e6:.2f} MB")
            for path in archive.left:
                say(f"no room left, goes into the next archive: {path}")
        state.write(folder / STATE)
    left = [step.name for step in steps if step.name not in state.steps or not state.steps[step.name].over]
    failed = [step.name for step in steps if step.name in state.steps and state.steps[step.name].status == FAILED]
    for name in failed:
        say(f"failed: {name}; see {folder / name}.log")
    say(f"{len(left)} steps are left; run the same again to continue." if left else "The visit is complete.")
    if failed:
        raise typer.Exit(1)
