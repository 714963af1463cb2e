"""Is a measurement steady? What is not is said with numbers, and with what to do about it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

import numpy as np
import psutil

from bench.base import nvidia, system
from bench.base.devices import Device
from bench.stats.components import Components, components
from bench.stats.step import best_step

APART = 1.25
"""Seconds are there to tell variants a quarter apart, as the nearest of our tables are."""
HALF_WIDTH = math.log(APART) / math.sqrt(2)
"""Half a 95 % interval, in logarithms, is too wide beyond this: ±17 %. A difference of two times that are known so well
has an interval wider by sqrt(2), and so holds 0 where they are a quarter apart."""
OUT_OF_LINE = 0.15
"""Logarithm by which a block may be away from the others: five standard deviations of a block on a quiet machine."""
ROUNDS = 0.10
"""Standard deviation that rounds within a block may have, in logarithms: three times a quiet machine's."""
TIMES_OTHERS = 4.0
"""A block is out of line only where it is away from the others by so many times what these scatter."""
DRIFT = 0.05
"""Logarithm by which blocks may move from the first to the last, and rounds within every block."""
BLOCKS_OF_A_DRIFT, BLOCKS_OF_A_TREND = 6, 4
"""Fewer blocks cannot show, at 1 %, that one follows another in order, or that rounds move in every one."""
SECOND_EPOCH, SECOND_EVALUATION = 0.25, 1.5
"""Share by which the second of a process may take longer than those that follow: on a CPU an epoch takes up to a tenth
longer, and an evaluation up to twice as long, with nothing compiled in it."""
COMPILE_SECONDS = 0.05
"""What takes no longer than this was not compiled."""
BUSY_CORES = 0.2
"""How much of a core other programs may use; an idle desktop uses less."""


def complaints(seconds: Sequence[float], blocks: Sequence[int], control: Sequence[float] = ()) -> list[str]:
    """What is wrong with a row's rounds, a sentence each.

    Args:
        seconds: of every round, in the order in which they were run.
        blocks: the block of fresh processes that each was in.
        control: seconds of the control beside each round, which tell a slow machine from a slow process; or none.
    """
    if len(seconds) < 2 or min(seconds) <= 0:
        return []
    found = components(seconds, blocks)
    beside = components(control, blocks) if len(control) == len(seconds) and min(control) > 0 else None
    sentences = [*_too_wide(found), *_out_of_line(found, beside), *_moving(found)]
    return sentences or _stepped(seconds, blocks) or _scattered(found)


def _too_wide(found: Components) -> list[str]:
    """Of two blocks nothing is said: their intervals are wide on the steadiest machine, and the ratios show it."""
    if len(found.means) < 3 or found.half_width <= HALF_WIDTH:
        return []
    low, high = np.exp(found.means.mean() + found.half_width * np.array([-1, 1]))
    each = ", ".join(f"{seconds:.3g}" for seconds in np.exp(found.means))
    return [
        f"the 95 % interval of its seconds is {low:.3g} to {high:.3g} s, too wide to tell what is a quarter apart "
        f"(blocks: {each} s); close other programs, or use more --blocks"
    ]


def _out_of_line(found: Components, control: Components | None) -> list[str]:
    """The block that is farthest from the others, where that is far."""
    away = [found.out_of_line(block) for block in range(len(found.means))]
    worst = int(np.argmax(np.abs(away)))
    others = np.delete(found.means, worst)
    scatter = float(others.std(ddof=1)) if len(others) > 1 else 0.0
    if abs(away[worst]) <= max(OUT_OF_LINE, TIMES_OTHERS * scatter):
        return []
    amount = f"{abs(math.expm1(away[worst])):.0%} {'longer' if away[worst] > 0 else 'less'}"
    sentence = f"block {worst + 1} took {amount} than the {'others' if len(others) > 1 else 'other'}"
    if control is None:
        return [f"{sentence}; use more --blocks"]
    if control.out_of_line(worst) / away[worst] > 0.5:
        return [f"{sentence}, and the control likewise: the machine changed; trust the ratios and not the seconds"]
    return [f"{sentence}, and the control did not: one process was not like the others; use more --blocks"]


def _moving(found: Components) -> list[str]:
    """Blocks that follow one another in order, and rounds that move alike in every block; each tested at 1 %.

    The units are blocks: rounds share their process, and a test over them would find what is peculiar to it.
    """
    from scipy import stats  # half a second to import, which listing the benchmarks should not cost

    sentences, blocks = [], len(found.means)
    if blocks >= BLOCKS_OF_A_DRIFT and stats.kendalltau(range(blocks), found.means).pvalue < 0.01:
        moved = float(stats.theilslopes(found.means).slope) * (blocks - 1)
        if abs(moved) > DRIFT:
            how = f"blocks grew {_moved(moved)} from first to last"
            sentences.append(f"{how}: a machine that warms up or is shared; let it come to rest and run again")
    trends = found.trends
    if len(trends) >= BLOCKS_OF_A_TREND and np.ptp(trends) > 0:
        moved = float(trends.mean())
        if abs(moved) > DRIFT and stats.ttest_1samp(trends, 0).pvalue < 0.01:
            sentences.append(
                f"rounds grew {_moved(moved)} from first to last within the blocks: they are not steady yet"
            )
    return sentences


def _stepped(seconds: Sequence[float], blocks: Sequence[int]) -> list[str]:
    """A clock that drops, or a program that starts or ends: another level from some round on."""
    step = best_step([math.log(value) for value in seconds])
    if step is None or abs(step.height) <= max(OUT_OF_LINE, TIMES_OTHERS * step.scatter):
        return []
    block = list(dict.fromkeys(blocks)).index(blocks[step.first]) + 1
    return [
        f"from round {step.first + 1} of {len(seconds)} on, in block {block}, rounds took {_moved(step.height)}: a "
        "clock that changed, or a program that began or ended; let the machine come to rest and run again"
    ]


def _scattered(found: Components) -> list[str]:
    """Rounds that differ within a process where that shows in nothing else: in one of several blocks, or in few."""
    advice = "something else ran now and then; close other programs and run again"
    within = found.within
    if len(found.means) < 3 and within is not None and within > ROUNDS:
        return [f"rounds within a block scatter by {within:.0%} (standard deviation): {advice}"]
    for block, scatter in enumerate(found.scatter):
        others = found.within_others(block)
        if others is not None and scatter > max(ROUNDS, TIMES_OTHERS * others):
            return [
                f"rounds of block {block + 1} scatter by {scatter:.0%} (standard deviation), those of the others by "
                f"{others:.0%}: {advice}"
            ]
    return []


def _moved(logarithm: float) -> str:
    return f"{'longer' if logarithm > 0 else 'shorter'} by {abs(math.expm1(logarithm)):.0%}"


def recompiled(
    seconds: list[float], blocks: list[int], second: list[float], *, what: str = "epoch", usual: float = SECOND_EPOCH
) -> list[str]:
    """One sentence if the second epoch of a process takes longer than the steady ones by more than scatter explains.

    Each process is compared with itself. Of several, more than half must show it: a machine may be slow for a moment.

    Args:
        seconds: of every round.
        blocks: the block that each round was in.
        second: of the second epoch in each block, in order; nothing is said where they do not match the blocks.
        what: was timed.
        usual: share by which it may take longer anyway.
    """
    numbers = list(dict.fromkeys(blocks))
    if not second or len(second) != len(numbers):
        return []
    rounds = [[s for s, b in zip(seconds, blocks, strict=True) if b == number] for number in numbers]
    scatter = (components(seconds, blocks).within or 0.0) if min(seconds) > 0 else 0.0
    beyond = [
        late > median(each) * (1 + usual + 4 * scatter) and late - median(each) > COMPILE_SECONDS
        for late, each in zip(second, rounds, strict=True)
    ]
    if 2 * sum(beyond) <= len(beyond):
        return []
    return [
        f"the second {what} of a process takes {median(second):.3g} s where later ones take {median(seconds):.3g} s: "
        f"something is compiled again in it, which is in neither the first {what} nor the steady ones; look for what "
        "changes after the first call (weak types, layouts, donated buffers)"
    ]


def busy_cores(interval: float = 1.0) -> float:
    """Cores that programs are using, or that the hypervisor gives to others, over the next ``interval`` seconds.

    To be asked while no worker of ours runs.
    """
    times = psutil.cpu_times_percent(interval)
    idle = times.idle + getattr(times, "iowait", 0.0)
    return (100 - idle) / 100 * (psutil.cpu_count() or 1)


def complaints_at_start(device: str, busy: float, about: Device | None = None) -> list[str]:
    """What would spoil a run before it begins, a sentence each.

    Args:
        device: as ``--device`` takes it.
        busy: cores in use by others.
        about: what a backend's probe said of the device.
    """
    found = []
    if busy > BUSY_CORES:
        found.append(f"other programs kept {busy:.1f} cores busy before the start: close them and run again")
    named = about is not None and about.called is not None
    others = nvidia.foreign_processes() if device == "cuda" and not named else list(about.foreign) if about else []
    if others:
        found.append(
            f"the {'GPU' if device == 'cuda' else 'device'} was in use by other processes "
            f"({', '.join(map(str, others))}) before the start: end them and run again"
        )
    if reason := system.cannot_bind():
        found.append(reason)
    return found
