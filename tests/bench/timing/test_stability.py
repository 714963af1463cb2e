"""What is not steady about a measurement is said with numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from bench.timing import stability


def test_steady_rounds_are_not_complained_of() -> None:
    assert stability.complaints([3.0, 3.1, 2.95, 3.05, 3.0, 3.02, 2.98, 3.01], [0, 0, 1, 1, 2, 2, 3, 3]) == []
    assert stability.complaints([3.0], [0]) == [], "one round says nothing"


def test_an_interval_that_is_too_wide_is_said_with_the_seconds_of_each_block() -> None:
    """Block logs 0, 0.3, 0, 0.3 around 0.15: deviation 0.1732, and t(0.975, 3) = 3.182 times half of that is 0.2756."""
    seconds = [float(np.exp(log)) for log in (0.0, 0.3, 0.0, 0.3)]
    [sentence] = stability.complaints(seconds, [0, 1, 2, 3])
    low, high = np.exp(0.15 - 0.2756), np.exp(0.15 + 0.2756)
    assert sentence.startswith(f"the 95 % interval of its seconds is {low:.3g} to {high:.3g} s, too wide to tell")
    assert "(blocks: 1, 1.35, 1, 1.35 s); close other programs, or use more --blocks" in sentence


def test_the_control_tells_a_slow_machine_from_a_slow_process() -> None:
    seconds, blocks = [3.0, 3.05, 3.0, 2.95, 4.5, 4.6, 3.0, 3.02], [0, 0, 1, 1, 2, 2, 3, 3]
    steady = [2.0, 2.02, 1.99, 2.0, 2.01, 2.0, 2.0, 2.02]
    slower = [2.0, 2.02, 1.99, 2.0, 3.0, 3.1, 2.0, 2.02]
    alone = stability.complaints(seconds, blocks)[1]
    assert alone == "block 3 took 51% longer than the others; use more --blocks"
    assert "the control likewise: the machine changed" in stability.complaints(seconds, blocks, slower)[1]
    assert "one process was not like the others" in stability.complaints(seconds, blocks, steady)[1]


def test_another_level_from_some_round_on_is_said_with_the_round() -> None:
    seconds = [3.0, 4.0, 4.02, 3.98, 4.0, 4.01, 3.99, 4.0]
    [sentence] = stability.complaints(seconds, [0, 0, 1, 1, 2, 2, 3, 3])
    assert sentence.startswith("from round 2 of 8 on, in block 1, rounds took longer by 33%: a clock that changed")


def test_drift_is_judged_over_blocks_and_not_over_rounds_that_share_a_process() -> None:
    level = [1.0, 1.03, 1.06, 1.09, 1.12, 1.15]
    [sentence] = stability.complaints([x for x in level for _ in range(2)], [b for b in range(6) for _ in range(2)])
    assert sentence.startswith("blocks grew longer by 15% from first to last")
    assert stability.complaints([1.0, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06], [0] * 7) == []


def test_rounds_that_move_alike_in_every_block_are_said() -> None:
    [sentence] = stability.complaints([1.0, 1.08, 1.01, 1.1, 1.0, 1.09, 1.0, 1.08], [0, 0, 1, 1, 2, 2, 3, 3])
    assert sentence.startswith("rounds grew longer by 8% from first to last within the blocks")


def test_scatter_within_one_block_of_several_or_of_few_is_said() -> None:
    [one] = stability.complaints([3.0, 3.01, 2.8, 3.3, 3.0, 3.01, 3.0, 2.99], [0, 0, 1, 1, 2, 2, 3, 3])
    assert one.startswith("rounds of block 2 scatter by 12% (standard deviation), those of the others by 0%")
    [few] = stability.complaints([3.0, 3.6, 3.0, 3.7], [0, 0, 1, 1])
    assert few.startswith("rounds within a block scatter by 14% (standard deviation): something else ran")


# --- simulated rows ---------------------------------------------------------------------------------------------

PROCESS, ROUND = 0.02, 0.04
"""Standard deviations, in logarithms, a little above those of the newest full run: docs/statistics.md."""
ROWS = 300
Rows = np.ndarray


def quiet(rng: np.random.Generator, blocks: int, rounds: int) -> Rows:
    """Log seconds of one row, (blocks, rounds)."""
    return PROCESS * rng.standard_normal((blocks, 1)) + ROUND * rng.standard_normal((blocks, rounds))


def competing_process(rng: np.random.Generator, row: Rows) -> None:
    """In one block another program takes a part of the cores: rounds take 1.3 to 1.7 times as long."""
    row[rng.integers(len(row))] += np.log(rng.uniform(1.3, 1.7, row.shape[1]))


def clock_that_drops(rng: np.random.Generator, row: Rows) -> None:
    """From some round on, the clock is two thirds of what it was."""
    row.ravel()[rng.integers(1, row.size) :] += np.log(1.5)


def slow_process(rng: np.random.Generator, row: Rows) -> None:
    """One process is slower by two fifths, as evaluations of results/amd-epyc-2-cores are in one block of four."""
    row[rng.integers(len(row))] += np.log(1.4)


def warned(disturb: Callable[[np.random.Generator, Rows], None] | None, blocks: int, rounds: int) -> int:
    """Of `ROWS` rows, how many are said to be not steady."""
    rng, of_rounds, found = np.random.default_rng(0), list(np.repeat(range(blocks), rounds)), 0
    for _ in range(ROWS):
        row = quiet(rng, blocks, rounds)
        if disturb:
            disturb(rng, row)
        found += bool(stability.complaints(list(np.exp(row).ravel()), of_rounds))
    return found


@pytest.mark.parametrize(("blocks", "rounds"), [(2, 3), (3, 2), (4, 2), (4, 10), (8, 2)])
def test_fewer_than_one_in_five_rows_of_a_quiet_machine_are_not_steady(blocks: int, rounds: int) -> None:
    """The range of eight rounds was beyond its limit in most of them, and of forty in all."""
    assert warned(None, blocks, rounds) < ROWS / 5


@pytest.mark.parametrize("rounds", [2, 10])
@pytest.mark.parametrize("disturb", [competing_process, clock_that_drops, slow_process])
def test_every_row_with_a_disturbance_is_not_steady(
    disturb: Callable[[np.random.Generator, Rows], None], rounds: int
) -> None:
    assert warned(disturb, 4, rounds) == ROWS


def test_more_rounds_do_not_make_a_quiet_row_unsteady() -> None:
    assert warned(None, 4, 40) <= warned(None, 4, 2) + 5


def test_load_at_the_start_is_said() -> None:
    [sentence] = stability.complaints_at_start("cpu", busy=1.3)
    assert sentence == "other programs kept 1.3 cores busy before the start: close them and run again"


def test_a_second_epoch_that_compiles_again_is_said() -> None:
    [sentence] = stability.recompiled([0.15, 0.151, 0.149], [0, 0, 0], [3.0])
    assert sentence.startswith(
        "the second epoch of a process takes 3 s where later ones take 0.15 s: something is compiled again in it"
    )
    several = stability.recompiled([0.15, 0.16, 0.14, 0.15, 0.3, 0.31], [0, 0, 1, 1, 2, 2], [3.0, 2.9, 0.31])
    assert len(several) == 1, "two of three processes"


def test_a_second_epoch_that_scatter_explains_is_not_complained_of() -> None:
    assert stability.recompiled([2.5, 2.6, 2.4], [0, 0, 0], [2.8]) == [], "a tenth longer, as on a CPU"
    assert stability.recompiled([2.5, 3.6, 2.4], [0, 0, 0], [4.0]) == [], "rounds scatter by a half"
    assert stability.recompiled([0.01, 0.01], [0, 0], [0.05]) == [], "nothing compiles in so little time"
    assert stability.recompiled([2.5, 2.5] * 4, [0, 0, 1, 1, 2, 2, 3, 3], [2.6, 9.0, 2.6, 2.6]) == [], "one slow moment"
    assert stability.recompiled([40.0], [0], []) == [], "a slow variant has no second epoch beside its round"
    assert stability.recompiled([2.5, 2.5], [0, 1], [9.0]) == [], "not of these blocks"
