"""``lenet-bench compare``: what became slower or faster, between two results files or two builds."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bench.cli.options import Device, Machine, Memory, Precision, Results, Root, Synthetic, Threads, Timeout
from bench.report import escape
from impls.errors import LenetError

if TYPE_CHECKING:
    from bench.base.launch import Build
    from bench.base.settings import Settings
    from bench.results.two_builds import TwoBuilds
    from bench.stats.change import Figure
    from impls.registry import Choice

VARIANTS = ("pytorch:eager", "pytorch:tuned", "flax:jit")
"""What two builds are compared with by default, those of them that run here."""


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
    ensure_percentage(fail_over)
    builds = [each for each in (against, against_python) if each is not None]
    if len(builds) > 1 or (builds and old) or (not builds and not new):
        raise LenetError("Give two results files, or one of --against COMMIT and --against-python PYTHON.")
    if old and (backend or blocks or rounds):
        raise LenetError("--backend, --blocks and --rounds are for --against; two results files need none of them.")
    console = Console(emoji=False)
    if old and new:
        raise typer.Exit(exit_code(_two_files(old, new, repeats, console), fail_over, console))

    from bench.base.settings import Settings
    from bench.timing.two_builds import BLOCKS

    settings = Settings.checked(
        _choices(backend or []),
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
    with _builds(against, against_python) as (before, now):
        found = _two_builds(before, now, settings, rounds, console)
    raise typer.Exit(exit_code(found.figures, fail_over, console))


def _two_files(old: Path, new: Path, repeats: Path | None, console: Console) -> Sequence[Figure]:
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
    return found.figures


def _choices(names: Sequence[str]) -> list[Choice]:
    """The variants that were asked for, or those of `VARIANTS` that run here."""
    from bench.base.settings import usual_baseline
    from bench.cli.check import choose
    from impls import registry

    if names:
        return list(dict.fromkeys(choose(name, None) for name in names))
    usual = [registry.choices(name)[0] for name in VARIANTS]
    return [each for each in usual if not registry.lacking(each)] or [choose(usual_baseline(), None)]


@contextmanager
def _builds(commit: str | None, python: str | None) -> Iterator[tuple[Build, Build]]:
    """The old build and ours, as long as their folder is there."""
    from bench.base import builds
    from bench.base.launch import OURS

    if python is not None:
        yield builds.of_python(python), OURS
        return
    assert commit is not None
    with tempfile.TemporaryDirectory(prefix="lenet-parity-builds-") as name:
        old, new = (Path(name) / side for side in ("old", "new"))  # as long as each other: paths are in memory too
        for folder in (old, new):
            folder.mkdir()
        yield builds.of_commit(commit, old), builds.of_this_code(new)


def _two_builds(old: Build, new: Build, settings: Settings, rounds: int | None, console: Console) -> TwoBuilds:
    """Time two builds and show what was found; everything is kept after every block."""
    from bench.base.code_digest import harness_digest
    from bench.base.lock import machine_lock
    from bench.base.splits import ensure_prepared, splits
    from bench.report.terminal.progress import now_doing
    from bench.report.terminal.two_builds import show
    from bench.results.two_builds import TwoBuilds, path_of
    from bench.timing import stability, two_builds

    if not settings.synthetic:
        ensure_prepared(settings.root)
    path = path_of(settings)
    _ensure_writable(path)
    with machine_lock():
        warnings = stability.complaints_at_start(settings.device, stability.busy_cores(), settings.about)
        for warning in warnings:
            print(f"warning: {warning}.", file=sys.stderr)
        train, _ = splits(settings.root, settings.synthetic)
        with now_doing() as say:
            workers = two_builds.tried(settings.choices, settings, old, new, say)
            found = TwoBuilds(
                old=old.name,
                new=new.name,
                options=settings.as_dict() | {"rounds": rounds, "timeout": settings.timeout},
                device_name=settings.device_name,
                workers=workers,
                same_code=harness_digest(old.start.parent) == harness_digest(new.start.parent),
                warnings=warnings,
            )

            def keep(block: two_builds.PairedBlock) -> None:
                found.blocks.append(block)
                found.complete = len(found.blocks) == settings.blocks
                found.write(path)

            two_builds.run(settings.choices, settings, (old, new), train, rounds=rounds, say=say, on_block=keep)
    show(found, path, console)
    return found


def _ensure_writable(path: Path) -> None:
    """Make the folder, so that it is known before anything is timed that results can be written.

    Raises:
        LenetError: they cannot.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise LenetError(
            f"Results cannot be written to {path.parent} ({error.strerror}); choose another place with --results."
        ) from error


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
