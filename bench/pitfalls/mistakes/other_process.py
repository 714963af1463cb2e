"""Another process at work during one of them."""

from __future__ import annotations

from dataclasses import dataclass

from bench.base.settings import BASELINE
from bench.pitfalls import words
from bench.pitfalls.busy import busy_cores
from bench.pitfalls.lab import Lab
from bench.pitfalls.mistake import Mistake, Thread, Told
from bench.stats.ratio import Ratio, paired_ratio
from bench.worker.variant import Subject

BLOCKS, ROUNDS, CORES = 3, 6, 1


@dataclass(frozen=True)
class Figures:
    """Of one program that is timed against itself; ratios are of its second process over its first.

    Attributes:
        images: made-up ones, in an epoch.
        cores: that the other program keeps busy.
        sequential: all rounds of the first, then all of the second, the other program at work during these alone.
        interleaved: in turn, the other program at work all the time.
    """

    images: int
    cores: int
    sequential: Ratio
    interleaved: Ratio


def measure(lab: Lab) -> Figures:
    """Time one program against itself, in two processes, while another program is at work."""
    rounds: dict[str, tuple[list[float], list[float], list[int]]] = {
        "sequential": ([], [], []),
        "interleaved": ([], [], []),
    }
    for block in range(BLOCKS):
        lab.say(f"another process at work: block {block + 1} of {BLOCKS}")
        with lab.subjects(lab.timing, BASELINE, BASELINE) as (first, second):
            for subject in (first, second):
                subject.epoch()
                subject.epoch()
            quiet = [first.epoch() for _ in range(ROUNDS)]
            with busy_cores(CORES):
                loaded = [second.epoch() for _ in range(ROUNDS)]
                in_turn = [_both(first, second, swapped=bool(number % 2)) for number in range(ROUNDS)]
            for name, a, b in (
                ("sequential", loaded, quiet),
                ("interleaved", [two for _, two in in_turn], [one for one, _ in in_turn]),
            ):
                rounds[name][0].extend(a)
                rounds[name][1].extend(b)
                rounds[name][2].extend([block] * ROUNDS)
    return Figures(
        lab.timing.train_size, CORES, paired_ratio(*rounds["sequential"]), paired_ratio(*rounds["interleaved"])
    )


def _both(first: Subject, second: Subject, *, swapped: bool) -> tuple[float, float]:
    """Seconds of an epoch of each, the second one first if they are swapped."""
    if swapped:
        late = second.epoch()
        return first.epoch(), late
    return first.epoch(), second.epoch()


def tell(figures: Figures) -> Told:
    """What the figures say."""
    return Told(
        f"a program is {words.times(figures.sequential)} times as slow as itself",
        f"{words.faster(figures.sequential, 'the second', 'the first')}.",
        f"{words.faster(figures.interleaved, 'the second', 'the first')}.",
        f"{BASELINE} against itself, in two processes, {ROUNDS} epochs of {figures.images:,} made-up images each, in "
        f"{BLOCKS} blocks. Another program kept {figures.cores} core busy: for the wrong headline during the second "
        "one's epochs, which came after the first one's; for the right one during all, the two taking turns.",
    )


MISTAKE = Mistake(
    "other_process",
    "Another process at work during one of them",
    "First all of one is timed, then all of the other. Whatever the machine did meanwhile, another program, a warmer "
    "processor, a neighbour on the same host, is taken for a difference between the two.",
    (
        Thread(
            "mapequation/infomap",
            943,
            "A check of performance failed a commit by +17.3 % and passed it when run again; base and head were "
            "measured one after the other. Each by itself was steady, so that its scatter showed nothing.",
        ),
        Thread(
            "mapequation/infomap",
            944,
            "The same binary against itself, with load during one of the two: a “regression” of 15.9 %. In turn, under "
            "the same load: 0.1 %.",
            pull=True,
        ),
    ),
    "Variants take turns, round by round, forwards and backwards, one process awake at a time, beside a control loop. "
    "Ratios are of neighbouring rounds. A second measurement on the same machine is refused, and what other programs "
    "used before the start is said.",
    ("bench/timing/block.py", "bench/base/lock.py", "bench/timing/stability.py"),
    Figures,
    measure,
    tell,
)
