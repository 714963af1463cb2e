"""``python -m bench.pitfalls``: plant every usual mistake, measure what it is worth, and write the page about it.

The page goes beside what was measured, ``<results>/pitfalls/<machine>/README.md``; with --publish to docs/pitfalls.md.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench.base.blas import one_thread
from bench.base.commit import commit
from bench.base.lock import machine_lock
from bench.base.machine import versions
from bench.base.settings import Settings
from bench.base.splits import ensure_prepared, splits
from bench.pitfalls import page
from bench.pitfalls.catalogue import BY_KEY
from bench.pitfalls.lab import PLANTED, Lab, Say
from bench.pitfalls.mistake import Mistake
from bench.pitfalls.stored import Outcome, Stored, path_of
from bench.timing.stability import busy_cores
from impls.errors import LenetError

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "docs" / "pitfalls.md"
PACKAGES = ("torch", "torchvision", "jax", "jaxlib", "flax", "optax")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, store after every mistake, and write the page.

    Raises:
        LenetError: an option is wrong, another measurement is under way, or a file cannot be written.
    """
    options = _parser().parse_args(arguments)
    settings = Settings.checked(
        [],
        device="cpu",
        threads=options.threads,
        timeout=600,
        option_prefix="--",
        results=options.results.absolute(),
        machine=options.machine,
        root=options.root,
        synthetic=options.synthetic,
    )
    if options.publish and options.synthetic:
        raise LenetError("--publish takes no made-up data; leave out --synthetic.")
    path = path_of(settings)
    if options.page_only:
        stored = Stored.read(path)
    else:
        if not Path(PLANTED.replace(".", "/")).is_dir():
            raise LenetError("There is no examples/pitfalls here, where planted programs are; run this in a checkout.")
        with machine_lock():
            stored = _measured(settings, [BY_KEY[key] for key in options.only or BY_KEY], path)
    beside = path.with_name(f"{path.stem}.md" if options.synthetic else "README.md")
    written = PUBLISHED if options.publish else beside
    page.write(written, page.text(stored))
    print(f"{path}\n{written}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.pitfalls", description=__doc__)
    add = parser.add_argument
    add("--results", type=Path, default=ROOT / "results", metavar="DIR", help="where results are and will be")
    add("--machine", metavar="NAME", help="folder of this machine in there (default: the device's name)")
    add("--threads", type=int, metavar="N", help="cores for every worker (default: all available)")
    add("--root", metavar="DIR", help="where CIFAR-10 is kept (default: $LENET_DATA or the user's cache)")
    add("--synthetic", type=int, default=0, metavar="N", help="use N made-up images instead of CIFAR-10, to try things")
    add("--only", action="append", choices=sorted(BY_KEY), metavar="KEY", help="measure this one again; repeatable")
    add("--page-only", action="store_true", help="measure nothing, write the page from what is stored")
    add("--publish", action="store_true", help="write docs/pitfalls.md, the project's own page")
    return parser


def _measured(settings: Settings, mistakes: Sequence[Mistake[object]], path: Path) -> Stored:
    """Measure mistakes, beside those that are stored and were measured under the same conditions."""
    if not settings.synthetic:
        ensure_prepared(settings.root)
    fingerprint = splits(settings.root, settings.synthetic)[0].fingerprint
    now = Stored(settings.device_name, settings.threads, fingerprint, versions(PACKAGES))
    if len(mistakes) < len(BY_KEY) and path.exists():
        before = Stored.read(path)
        if replace(before, outcomes={}) != now:
            raise LenetError(f"{path} was measured under other conditions; measure all of it again, without --only.")
        now = before
    lab = Lab(settings, lambda what: print(f"  {what}", flush=True))
    for mistake in mistakes:
        print(mistake.title, flush=True)
        now.outcomes[mistake.key] = _outcome(mistake, lab, lab.say)
        now.write(path)
    return now


def _outcome(mistake: Mistake[object], lab: Lab, say: Say) -> Outcome:
    busy, begin = busy_cores(), time.monotonic()
    figures, missing = None, ""
    try:
        figures = mistake.measure(lab)
    except LenetError as error:
        missing = str(error).rstrip(".")
        say(f"not measured: {missing}")
    date = datetime.now(UTC).isoformat(timespec="seconds")
    return Outcome(commit(), date, busy, time.monotonic() - begin, figures, missing)


if __name__ == "__main__":
    one_thread()
    try:
        sys.exit(main())
    except LenetError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
