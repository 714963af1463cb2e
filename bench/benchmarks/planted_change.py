"""Does ``compare --against`` find a planted change, and nothing where there is none? A script that tries it.

    python -m bench.benchmarks.planted_change --tries 20 --backend pytorch:eager --backend flax:jit --synthetic 5000

clones the last commit into a temporary folder. It compares the clone with itself as often as asked, and then with a
commit of its own in which `pytorch:eager` sleeps after every epoch for 5 % of it. Options that it does not know go to
``lenet-bench compare``. Each try is a line; ``--results`` keeps the files. Exit code 1: a planted change was not found,
or more than one in twenty tries found something where there is nothing.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.base import launch
from bench.base.launch import START, Build
from bench.results.two_builds import FOLDER, TwoBuilds
from bench.stats.change import FASTER, SLOWER
from impls.errors import LenetError

ROOT = START.parent
LABEL, FILE, CLASS = "pytorch:eager", "impls/pytorch/eager.py", "PyTorch"
"""What is made slower, and where its class is."""

PLANT = '''

def _slower(train_epoch):
    """Planted by bench.benchmarks.planted_change."""
    import time

    def slower(self, *args, **kwargs):
        begin = time.perf_counter()
        losses = train_epoch(self, *args, **kwargs)
        time.sleep({share} * (time.perf_counter() - begin))
        return losses

    return slower


{name}.train_epoch = _slower({name}.train_epoch)
'''
ALLOWED = 0.05
"""The share of tries that may find something where there is nothing."""


def plant(clone: Path, share: float) -> None:
    """Commit a change to a clone that makes `LABEL` slower by a share of its epoch."""
    path = clone / FILE
    path.write_text(path.read_text() + PLANT.format(share=share, name=CLASS))
    who = ("-c", "user.name=planted", "-c", "user.email=planted@localhost")
    _git(clone, *who, "commit", "--quiet", "--all", "--no-verify", "--message", f"Planted: {share:.0%} slower")


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def compared(clone: Path, commit: str, results: Path, options: Sequence[str]) -> TwoBuilds:
    """What ``compare --against`` finds in a clone.

    Raises:
        LenetError: it failed; its own sentence is above.
    """
    before = set(results.glob(f"*/{FOLDER}/*.json"))
    options = [*options, "--results", str(results)]
    build = Build("the clone", clone / START.name)
    started = launch.command("bench.cli", "compare", "--against", commit, *options, build=build)
    done = subprocess.run(started, cwd=clone, check=False)
    new = set(results.glob(f"*/{FOLDER}/*.json")) - before
    if done.returncode or len(new) != 1:
        raise LenetError(f"compare ended with exit code {done.returncode} and {len(new)} results.")
    return TwoBuilds.read(new.pop())


def told_apart(found: TwoBuilds) -> list[str]:
    """Every figure that is called slower or faster, in words."""
    return [
        f"{each.label} {each.measure.name} {each.verdict} by {100 * (each.change or 0):+.1f} %"
        for each in found.figures
        if each.verdict in (SLOWER, FASTER)
    ]


def found_it(found: TwoBuilds) -> bool:
    """Whether the epoch of `LABEL` is called slower."""
    return any((each.label, each.measure.name, each.verdict) == (LABEL, "epoch", SLOWER) for each in found.figures)


def main(arguments: Sequence[str] | None = None) -> int:
    """The script."""
    parser = argparse.ArgumentParser(prog="python -m bench.benchmarks.planted_change", description=__doc__)
    parser.add_argument("--tries", type=int, default=20, help="of one commit with itself (20)")
    parser.add_argument("--planted", type=int, default=1, help="with the planted change (1)")
    parser.add_argument("--share", type=float, default=0.05, help="of an epoch that is planted (0.05)")
    parser.add_argument("--results", type=Path, help="where the files are kept (default: nowhere)")
    asked, options = parser.parse_known_args(arguments)
    with tempfile.TemporaryDirectory(prefix="planted-change-") as name:
        clone, results = Path(name) / "clone", (asked.results or Path(name) / "results").absolute()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        alarms = missed = 0
        for number in range(asked.tries):
            told = told_apart(compared(clone, "HEAD", results, options))
            alarms += bool(told)
            print(f"one commit, try {number + 1}: {'; '.join(told) or 'nothing'}", flush=True)
        plant(clone, asked.share)
        for number in range(asked.planted):
            found = compared(clone, "HEAD~1", results, options)
            missed += not found_it(found)
            print(f"planted, try {number + 1}: {'; '.join(told_apart(found)) or 'nothing'}", flush=True)
    print(f"One commit: {alarms} of {asked.tries} tries found something. Planted: missed {missed} of {asked.planted}.")
    return int(missed > 0 or alarms > ALLOWED * asked.tries)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LenetError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
