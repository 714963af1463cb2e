"""A change of a time is found where there is one and not in noise, and it is said why one cannot be judged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bench.report.terminal.comparison import over_limit_text
from bench.stats.change import FASTER, MEASURES, NOT_JUDGED, SAME, SLOWER, block_logs, holm, slower_than
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
        sides.append([row("epoch", epoch_seconds=seconds, control_seconds=[1.0, 1.0], blocks=[0, 1])])
    [found] = compared(*sides).figures
    half = 4.302653 * np.sqrt(0.02)
    assert found.change == pytest.approx(np.e - 1)
    assert found.low == pytest.approx(np.exp(1 - half) - 1, rel=1e-5)
    assert found.high == pytest.approx(np.exp(1 + half) - 1, rel=1e-5)


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
    change = figure(found, "flax:jit", "epoch")
    assert change.change == pytest.approx(0.2, abs=0.05)
    assert change.low is not None
    assert change.high is not None
    assert change.low < 0.2 < change.high
    assert len(slower_than(found.figures, 10)) == 2
    assert not slower_than(found.figures, 50)


def test_a_limit_is_passed_only_by_a_whole_interval() -> None:
    """A figure that is slower, by more than the limit, whose interval reaches below the limit, is not over it."""
    found = compared(run_rows(1, blocks=8), run_rows(2, blocks=8, epoch=1.2))
    change = figure(found, "flax:jit", "epoch")
    assert change.verdict == SLOWER
    assert change.change is not None
    assert change.low is not None
    between = 50 * (change.low + change.change)
    assert change not in slower_than(found.figures, between)
    assert change in slower_than(found.figures, 100 * change.low - 0.01)
    assert change not in slower_than(found.figures, 100 * change.low + 0.01)
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

PAIRS = 1000
LABELS = ("pytorch:eager", "pytorch:compile", "flax:jit", "flax:scan")


def false_alarms(rounds_for_the_unit: bool) -> int:
    """In how many pairs of runs of the same thing some epoch is called slower or faster."""
    rng, alarms = np.random.default_rng(0), 0
    for _ in range(PAIRS):
        runs = []
        for _ in range(2):
            epochs = [timed(rng, label)[1] for label in LABELS]
            if rounds_for_the_unit:  # the planted defect: every round passes for a block of its own
                epochs = [each | {"blocks": list(range(len(each["blocks"])))} for each in epochs]
            runs.append(epochs)
        alarms += bool({SLOWER, FASTER} & set(verdicts(compared(*runs)).values()))
    return alarms


# Of 1000 pairs, 1 % are 10, and three standard deviations of that binomial number are 9.4.
MOST_ALARMS = 19


@pytest.mark.slow
def test_runs_of_the_same_thing_are_told_apart_once_in_a_hundred_times_at_most() -> None:
    assert false_alarms(rounds_for_the_unit=False) <= MOST_ALARMS


@pytest.mark.slow
def test_rounds_for_the_unit_would_not_hold_that() -> None:
    assert false_alarms(rounds_for_the_unit=True) > MOST_ALARMS


def test_holm_by_hand() -> None:
    """At 5 %: 0.01 is held against 0.0125, 0.013 against 0.0167, 0.03 against 0.025, where it stops."""
    assert holm([0.03, 0.01, 0.04, 0.013], 0.05) == [False, True, False, True]
    assert holm([], 0.05) == []


# --- what is not judged -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"control_seconds": None}, "new run: no control"),
        ({"blocks": [0, 0, 0, 0]}, "new run: only 1 block"),
        ({"epoch_seconds": [0.0, 1.0, 1.0, 1.0]}, "new run: a time of 0 s"),
        ({"epoch_seconds": [2.0] * 4, "control_seconds": [1.0] * 4}, "blocks without any noise"),
        ({"epoch_seconds": None}, "new run: not measured"),
    ],
)
def test_what_cannot_be_judged_says_why(change: Row, reason: str) -> None:
    new = {key: value for key, value in (row("epoch") | change).items() if value is not None}
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
