"""Time two builds of the suite side by side, for ``lenet-bench compare --against``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from impls.errors import LenetError

if TYPE_CHECKING:
    from bench.base.launch import Build
    from bench.base.settings import Settings
    from bench.results.two_builds import TwoBuilds
    from impls.registry import Choice

VARIANTS = ("pytorch:eager", "pytorch:tuned", "flax:jit")
"""What two builds are compared with by default, those of them that run here."""


def chosen(names: Sequence[str]) -> list[Choice]:
    """The variants that were asked for, or those of `VARIANTS` that run here."""
    from bench.base.settings import usual_baseline
    from bench.cli.check import choose
    from impls import registry

    if names:
        return list(dict.fromkeys(choose(name, None) for name in names))
    usual = [registry.choices(name)[0] for name in VARIANTS]
    return [each for each in usual if not registry.lacking(each)] or [choose(usual_baseline(), None)]


@contextmanager
def both(commit: str | None, python: str | None) -> Iterator[tuple[Build, Build]]:
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


def time_both(old: Build, new: Build, settings: Settings, rounds: int | None, console: Console) -> TwoBuilds:
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
