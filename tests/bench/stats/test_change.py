"""A change of a time is found where there is one and not in noise, and it is said why one cannot be judged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from bench.report.terminal.comparison import over_limit_text
from bench.stats import change
from bench.stats.change import (
    FAMILY_LEVEL,
    FASTER,
    MEASURES,
    NOT_JUDGED,
    SAME,
    SLOWER,
    Repeats,
    block_logs,
    holm,
    slower_than,
)
from made_up_comparisons import compared, figure, verdicts
from made_up_results import Row, row, run_rows, timed

EPOCH = next(measure for measure in MEASURES if measure.name == "epoch")


def test_by_hand() -> None:
    """Blocks of 2 and 8 over 1 and 4: log quotients 0.5 (log 2 + log 2) - log 1.5 and log 8 - log 4."""
    record = row("epoch", epoch_seconds=[2.0, 2.0, 8.0], control_seconds=[1.0, 2.0, 4.0], blocks=[5, 5, 3])
    assert block_logs(EPOCH, record) == pytest.approx([np.log(2 / 1.5), np.log(2)])


def test_welch_by_hand() -> None:
    """Two blocks a side: means 0 and 1 of logs, standard error sqrt(0.02 / 2 + 0.02 / 2), two degrees of freedom."""
    sides = []
    for centre in (0.0, 1.0):
        seconds = [float(np.exp(centre - 0.1)), float(np.exp(centre + 0.1))]
        sides.append(row("epoch", epoch_seconds=seconds, control_seconds=[1.0, 1.0], blocks=[0, 1]))
    found = change.figure("pytorch:eager", EPOCH, *sides)
    half = 4.302653 * np.sqrt(0.02)
    assert found.change == pytest.approx(np.e - 1)
    assert found.low == pytest.approx(np.exp(1 - half) - 1, rel=1e-5)
    assert found.high == pytest.approx(np.exp(1 + half) - 1, rel=1e-5)
    assert (found.p, found.verdict) == (None, NOT_JUDGED)
    wide = change.figure("pytorch:eager", EPOCH, *sides, Repeats(0.2, 3, blocks=1))  # 0.2 * sqrt(2) is wider
    assert wide.verdict == SAME
    assert wide.low == pytest.approx(np.exp(1 - 4.302653 * 0.2 * np.sqrt(2)) - 1, rel=1e-5)
    assert wide.p == pytest.approx(2 * stats.t.sf(1 / (0.2 * np.sqrt(2)), 2))


def test_runs_of_fewer_blocks_than_the_repeats_scatter_more_than_they() -> None:
    repeats = Repeats(0.01, 10, blocks=4)
    assert repeats.error(4, 4) == repeats.error(8, 100) == pytest.approx(0.01 * np.sqrt(2))
    assert repeats.error(2, 4) == pytest.approx(0.01 * np.sqrt(3))


def test_repeats_by_hand() -> None:
    """Means of logs 0, 1 and 2 over blocks of one second beside a control of one second."""
    rows = [
        row("epoch", epoch_seconds=[float(np.exp(n))] * 2, control_seconds=[1.0, 1.0], blocks=[0, 1]) for n in range(3)
    ]
    assert change.repeats_of(EPOCH, rows) == Repeats(pytest.approx(1.0), 3, 2)
    assert change.repeats_of(EPOCH, rows[:1]) is None


def test_two_builds_by_hand() -> None:
    """Log quotients 0.1 and 0.3 of two blocks: mean 0.2, standard error 0.1, one degree of freedom."""
    old = [[1.0, 1.0], [2.0, 2.0]]
    new = [[float(np.exp(0.1))] * 2, [float(2 * np.exp(0.3))] * 2]
    found = change.paired_figure("pytorch:eager", EPOCH, old, new)
    assert found.change == pytest.approx(np.exp(0.2) - 1)
    assert found.low == pytest.approx(np.exp(0.2 - 12.7062 * 0.1) - 1, rel=1e-4)
    assert found.p == pytest.approx(2 * stats.t.sf(2.0, 1))
    assert (found.old, found.verdict) == (1.5, SAME)


def test_middle_by_hand() -> None:
    """Means of pairs of 0, 1 and 5: 0, 0.5, 1, 2.5, 3, 5."""
    assert change.middle(np.array([5.0, 0.0, 1.0])) == pytest.approx((1 + 2.5) / 2)
    assert change.middle(np.array([3.0])) == 3.0
    assert change.middle(np.array([1.0, 2.0])) == 1.5


def test_one_disturbed_round_of_a_block_does_not_move_the_change() -> None:
    """A competing process makes one round in four ten times as slow; the others say how much the build changed."""
    old, new = [[1.0] * 4, [2.0] * 4], [[1.1] * 4, [2.3] * 4]
    quiet = change.paired_figure("pytorch:eager", EPOCH, old, new)
    disturbed = change.paired_figure("pytorch:eager", EPOCH, old, [[1.1, 11.0, 1.1, 1.1], [23.0, 2.3, 2.3, 2.3]])
    assert disturbed.change == pytest.approx(quiet.change)
    assert disturbed.p == pytest.approx(quiet.p)


@pytest.mark.parametrize(
    ("old", "reason"),
    [([], "not measured"), ([[1.0]], "only 1 block"), ([[0.0], [1.0]], "a time of 0 s"), ([[1.0], [1.0]], "blocks w")],
)
def test_two_builds_that_cannot_be_judged_say_why(old: list[list[float]], reason: str) -> None:
    found = change.paired_figure("pytorch:eager", EPOCH, old, old)
    assert found.verdict == NOT_JUDGED
    assert found.reason.startswith(reason)


def test_two_builds_of_different_rounds_are_not_judged() -> None:
    found = change.paired_figure("pytorch:eager", EPOCH, [[1.0, 1.0], [1.0, 1.1]], [[1.0, 1.0], [1.0]])
    assert (found.verdict, found.reason) == (NOT_JUDGED, "another number of rounds in one of the builds")


def test_a_latency_belongs_to_the_block_at_its_place() -> None:
    latency = MEASURES[-1]
    record = row(
        "evaluation", latency_seconds_batch_100=[2.0, 8.0], control_seconds=[4.0, 4, 1, 1], blocks=[3, 3, 1, 1]
    )
    assert block_logs(latency, record) == pytest.approx([np.log(0.5), np.log(8)])


def test_a_slower_epoch_is_found_and_nothing_else() -> None:
    found = compared(run_rows(1, blocks=8), run_rows(2, blocks=8, epoch=1.2))
    slower = {key for key, verdict in verdicts(found).items() if verdict == SLOWER}
    assert slower == {("pytorch:eager", "epoch"), ("flax:jit", "epoch")}
    assert set(verdicts(found).values()) == {SLOWER, SAME}
    slow = figure(found, "flax:jit", "epoch")
    assert slow.change == pytest.approx(0.2, abs=0.05)
    assert slow.low is not None
    assert slow.high is not None
    assert slow.low < 0.2 < slow.high
    assert len(slower_than(found.figures, 10)) == 2
    assert not slower_than(found.figures, 50)


def test_a_limit_is_passed_only_by_a_whole_interval() -> None:
    """A figure that is slower, by more than the limit, whose interval reaches below the limit, is not over it."""
    found = compared(run_rows(1, blocks=8), run_rows(2, blocks=8, epoch=1.2))
    slow = figure(found, "flax:jit", "epoch")
    assert slow.verdict == SLOWER
    assert slow.change is not None
    assert slow.low is not None
    between = 50 * (slow.low + slow.change)
    assert slow not in slower_than(found.figures, between)
    assert slow in slower_than(found.figures, 100 * slow.low - 0.01)
    assert slow not in slower_than(found.figures, 100 * slow.low + 0.01)
    assert "the interval reaches below" in over_limit_text(found.figures, [], between)


@pytest.mark.parametrize("what", ["start", "first", "epoch", "evaluation", "latency"])
def test_what_is_faster_is_found(what: str) -> None:
    factors: dict[str, Any] = {what: 0.8}
    found = compared(run_rows(3, blocks=8), run_rows(4, blocks=8, **factors))
    names = {"start": "start-up", "first": "first epoch", "latency": "latency, batch 1"}
    assert figure(found, "flax:jit", names.get(what, what)).verdict == FASTER
    assert not slower_than(found.figures, 0)


def test_the_change_needed_is_where_the_verdict_turns() -> None:
    """The same noise around a change just below and just above it."""
    rng = np.random.default_rng(7)
    old, new = timed(rng)[1], timed(rng)[1]
    [same] = compared([old], [new]).figures
    assert same.needed is not None
    assert same.change is not None
    for factor, verdict in ((0.999, SAME), (1.001, SLOWER)):
        scale = (1 + same.needed) / (1 + same.change) * factor
        scaled = new | {"epoch_seconds": [scale * seconds for seconds in new["epoch_seconds"]]}
        [found] = compared([old], [scaled]).figures
        assert found.verdict == verdict
        assert found.needed == pytest.approx(same.needed)


# --- noise ------------------------------------------------------------------------------------------------------

PAIRS = 300
LABELS = ("pytorch:eager", "pytorch:compile", "flax:jit", "flax:scan")
RUN, BLOCKS, FEW = 0.02, 16, 4
"""Relative standard deviation of what a run does to a variant, beside what its control has as well; and how many blocks
the two runs have, and how many each repeat."""

# Of 300 pairs, 1 % are 3, and three standard deviations of that binomial number are 5.2.
MOST_ALARMS = 8


def false_alarms(repeated: int) -> int:
    """In how many pairs of runs of one commit some epoch is called slower or faster.

    Args:
        repeated: how many repeats there are; 0 pretends that runs differ by their blocks alone.
    """
    rng, alarms = np.random.default_rng(0), 0
    for _ in range(PAIRS):
        figures = []
        for label in LABELS:
            old, new = (timed(rng, label, run=RUN, blocks=BLOCKS)[1] for _ in range(2))
            short = [timed(rng, label, run=RUN, blocks=FEW)[1] for _ in range(repeated)]
            repeats = change.repeats_of(EPOCH, short) if repeated else Repeats(0.0, 1000, 1)
            figures.append(change.figure(label, EPOCH, old, new, repeats))
        alarms += bool({SLOWER, FASTER} & {each.verdict for each in change.with_verdicts(figures)})
    return alarms


@pytest.mark.slow
def test_runs_of_the_same_thing_are_told_apart_once_in_a_hundred_times_at_most() -> None:
    assert false_alarms(repeated=10) <= MOST_ALARMS


@pytest.mark.slow
def test_blocks_for_replicates_of_runs_would_not_hold_that() -> None:
    assert false_alarms(repeated=0) > MOST_ALARMS


def test_two_builds_in_the_same_blocks_hold_the_level_whatever_the_run_does() -> None:
    """What the run does to a variant is in both builds; of 600 comparisons 1 % are 6, and 3 deviations 7.3."""
    rng, blocks, alarms = np.random.default_rng(1), 6, 0
    for _ in range(600):
        p_values = []
        for _ in range(3):
            shared = RUN * rng.standard_normal() + 0.1 * rng.standard_normal(blocks)
            sides = [
                np.exp(
                    shared[:, None] + 0.02 * rng.standard_normal((blocks, 1)) + 0.025 * rng.standard_normal((blocks, 3))
                )
                for _ in range(2)
            ]
            logs = [change.middle(each) for each in np.log(sides[1]) - np.log(sides[0])]
            p_values.append(stats.ttest_1samp(logs, 0).pvalue)
        alarms += any(holm(p_values, FAMILY_LEVEL))
    assert alarms <= 13
    found = change.paired_figure("pytorch:eager", EPOCH, *(side.tolist() for side in sides))
    assert found.p == pytest.approx(p_values[-1])  # it is this very test


def test_holm_by_hand() -> None:
    """At 5 %: 0.01 is held against 0.0125, 0.013 against 0.0167, 0.03 against 0.025, where it stops."""
    assert holm([0.03, 0.01, 0.04, 0.013], 0.05) == [False, True, False, True]
    assert holm([], 0.05) == []


# --- what is not judged -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"control_seconds": None}, "new run: no control"),
        ({"blocks": [0, 0, 0, 0]}, "new run: only 1 block"),
        ({"epoch_seconds": [0.0, 1.0, 1.0, 1.0]}, "new run: a time of 0 s"),
        ({"epoch_seconds": [2.0] * 4, "control_seconds": [1.0] * 4}, "blocks without any noise"),
        ({"epoch_seconds": None}, "new run: not measured"),
    ],
)
def test_what_cannot_be_judged_says_why(fields: Row, reason: str) -> None:
    new = {key: value for key, value in (row("epoch") | fields).items() if value is not None}
    [found] = compared([row("epoch")], [new]).figures
    assert (found.verdict, found.reason, found.p) == (NOT_JUDGED, reason, None)


def test_a_latency_that_some_block_lacks_is_not_judged() -> None:
    """Which block it lacks is not known, so neither is which control it belongs to."""
    found = compared([row("evaluation")], [row("evaluation", latency_seconds_batch_1=[2e-4])])
    assert figure(found, "pytorch:eager", "latency, batch 1").reason == "new run: missing in a block"
    assert figure(found, "pytorch:eager", "latency, batch 100").verdict == SAME


def test_what_is_not_judged_does_not_count_into_the_family() -> None:
    lone = [row("epoch", f"flax:v{n}", blocks=[0, 0, 0, 0]) for n in range(50)]
    old, new = [timed(np.random.default_rng(n), epoch=factor)[1] for n, factor in ((1, 1.0), (2, 1.3))]
    alone, among = compared([old], [new]), compared([old, *lone], [new, *lone])
    assert len(among.figures) == 51
    assert among.judged == alone.judged
    assert among.judged[0].verdict == SLOWER
