"""A schedule pairs rounds of the same block, goes on after the blocks that are there, and leaves out what failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bench.stats.stopping import FEWEST, WIDER
from bench.timing import block
from bench.timing.block import Block
from bench.timing.schedule import Schedule
from impls import registry
from impls.data.synthetic import synthetic_split
from impls.errors import LenetError
from made_up_blocks import course
from subjects import settings


def test_a_schedule_pairs_rounds_of_the_same_block() -> None:
    blocks = [
        Block({"a": course(2.0, 2.0), "b": course(1.0, 1.0), "slow": course(40.0)}, [1.0, 1.0]),
        Block({"a": course(6.0, 6.0), "b": course(3.0, 3.0)}, [3.0, 3.0]),  # a machine three times as slow
    ]
    schedule = Schedule(blocks)
    ratio = schedule.ratio("a", "b", "epoch_seconds")
    assert ratio
    assert (ratio.value, ratio.low, ratio.high) == (pytest.approx(2), None, None), "blocks without any noise"
    assert schedule.rounds("a", "epoch_seconds") == ([2.0, 2.0, 6.0, 6.0], [0, 0, 1, 1])
    assert schedule.control("a", "epoch_seconds") == [1.0, 1.0, 3.0, 3.0]
    alone = schedule.ratio("slow", "b", "epoch_seconds")
    assert alone
    assert (alone.value, alone.low) == (pytest.approx(40), None)
    assert schedule.first_epochs("slow") == {
        "start_seconds": [1.0],
        "first_epoch_seconds": [9.0],
        "control_seconds": [1.0],
        "control": "PyTorch loop",
    }


def test_a_variant_that_failed_keeps_its_first_epochs_and_nothing_else() -> None:
    schedule = Schedule([Block({"a": course(2.0)}, [1.0]), Block({"a": course(2.0, error="it broke")}, [1.0])])
    with pytest.raises(LenetError, match="it broke"):
        schedule.ensure_sound("a")
    assert schedule.first_epochs("a")["first_epoch_seconds"] == [9.0, 9.0]
    assert schedule.rounds("a", "epoch_seconds") == ([2.0], [0])


def test_a_schedule_goes_on_after_the_blocks_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """And leaves out from then on what failed."""
    measured: list[tuple[int, list[str]]] = []

    def measure(number: int, choices: list[registry.Choice], *_: Any) -> Block:
        measured.append((number, [choice.label for choice in choices]))
        return Block({choice.label: course(2.0, error="it broke" * (number == 1)) for choice in choices[:1]}, [1.0])

    monkeypatch.setattr(block, "measure", measure)
    asked, kept = settings("fakes:Sound", "fakes:DoesNothing", blocks=4), []
    blocks = [Block({"fakes:Sound": course(2.0)}, [1.0])]
    schedule = Schedule(blocks)
    schedule.run(
        asked.choices,
        asked,
        synthetic_split("train", 400),
        say=lambda what: None,
        on_block=lambda: kept.append(len(schedule.blocks)),
    )
    both = ["fakes:Sound", "fakes:DoesNothing"]
    assert measured == [(1, both), (2, both[1:]), (3, both[1:])]
    assert kept == [2, 3, 4]
    assert schedule.blocks is blocks, "what is kept is this list"


def test_a_control_that_is_missing_leaves_no_half_control() -> None:
    schedule = Schedule([Block({"a": course(2.0, 2.0)}, [1.0], "it broke"), Block({"a": course(2.0, 2.0)}, [1.0, 1.0])])
    assert schedule.control("a", "epoch_seconds") == []
    assert schedule.notes("a") == ["there is no control: it broke"]


def test_a_variant_that_trained_something_else_has_no_row_at_all() -> None:
    """Not even of its first epoch, which may have trained something else as well."""
    refused = course(1.0, refusal="a: its timed epochs do not train what b trains")
    schedule = Schedule(
        [Block({"a": course(1.0), "b": course(2.0)}, [1.0]), Block({"a": refused, "b": course(2.0)}, [1.0])]
    )
    with pytest.raises(LenetError, match="its timed epochs do not train"):
        schedule.ensure_sound("a")
    with pytest.raises(LenetError, match="its timed epochs do not train"):
        schedule.first_epochs("a")
    assert schedule.refusal("a")
    assert schedule.refusal("b") == ""


def test_the_comparison_of_all_blocks_is_the_worst_of_them() -> None:
    def work(share: float, epochs: int) -> dict[str, Any]:
        return {"baseline": "b", "twins": 3, "epochs": epochs, "trained": 5, "share": share, "where": f"at {share}"}

    blocks = [Block({"a": course(1.0, work=found)}) for found in ({}, work(0.1, 5), work(0.3, 5), work(0.2, 4))]
    assert Schedule(blocks).work("a") == work(0.3, 4) | {"where": "at 0.3, block 3", "blocks": 3}
    assert Schedule(blocks[:1]).work("a") == {}, "stored before there was a comparison"
    assert Schedule([Block({"a": course(1.0, work={"not_compared": "why"})})]).work("a") == {"not_compared": "why"}


def test_each_block_is_compared_before_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []

    class Compares:
        def prepare(self, say: Any) -> None:
            events.append("prepare")

        def judge(self, found: Block, say: Any) -> None:
            events.append("judge")
            found.courses["fakes:DoesNothing"].refusal = "it trains nothing"

    def measure(number: int, choices: list[registry.Choice], *_: Any) -> Block:
        events.append(" ".join(choice.label for choice in choices))
        return Block({"fakes:Sound": course(2.0), "fakes:DoesNothing": course(2.0)}, [1.0])

    monkeypatch.setattr(block, "measure", measure)
    asked, split = settings("fakes:Sound", "fakes:DoesNothing", blocks=2), synthetic_split("train", 400)

    def run(schedule: Schedule) -> None:
        schedule.run(
            asked.choices,
            asked,
            split,
            say=lambda what: None,
            on_block=lambda: events.append("keep"),
            same_work=Compares(),  # type: ignore[arg-type]
        )

    schedule = Schedule()
    run(schedule)
    both = "fakes:Sound fakes:DoesNothing"
    assert events == ["prepare", both, "judge", "keep", "fakes:Sound", "judge", "keep"]
    run(schedule)
    assert len(events) == 7, "a run that has all its blocks trains nothing"


A, B, SLOW = "fakes:Sound", "fakes:DoesNothing", "fakes:Sleeps:0.02"
Seconds = Callable[[str, int], float]


def stopped(
    monkeypatch: pytest.MonkeyPatch, seconds: Seconds, against: str = A, **more: Any
) -> tuple[Schedule, list[str]]:
    """A schedule of up to four blocks, and what took part in each; a variant's epochs take so long in a block."""
    took_part: list[str] = []

    def measure(number: int, choices: list[registry.Choice], *_: Any) -> Block:
        took_part.append(" ".join(choice.label.partition(":")[2] for choice in choices))
        return Block({c.label: course(seconds(c.label, number)) for c in choices}, [1.0])

    monkeypatch.setattr(block, "measure", measure)
    asked = settings(A, B, SLOW, against=(against,), **more)
    schedule = Schedule()
    split = synthetic_split("train", 400)
    schedule.run(asked.choices, asked, split, say=lambda what: None, on_block=lambda: None)
    return schedule, took_part


def test_a_variant_whose_ratio_is_known_leaves_and_its_baseline_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    schedule, took_part = stopped(monkeypatch, lambda label, number: 2.0 + 0.2 * number * (label == SLOW))
    assert took_part == ["Sound DoesNothing Sleeps:0.02"] * FEWEST + ["Sound Sleeps:0.02"]
    assert schedule.stopped_early(B)
    assert not schedule.stopped_early(A)
    assert not schedule.stopped_early(SLOW)


def test_a_run_ends_where_all_ratios_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A drift that all of them share is in no ratio."""
    schedule, took_part = stopped(monkeypatch, lambda label, number: 2.0 + number)
    assert len(took_part) == FEWEST
    assert all(schedule.stopped_early(label) for label in (A, B, SLOW))


def test_who_asks_for_blocks_gets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    schedule, took_part = stopped(monkeypatch, lambda label, number: 2.0, blocks=4)
    assert took_part == ["Sound DoesNothing Sleeps:0.02"] * 4
    assert not schedule.stopped_early(B)


def test_a_baseline_that_is_timed_alone_gets_all_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block, "measure", lambda number, choices, *_: Block({A: course(2.0)}, [1.0]))
    asked, schedule = settings(A, against=(A,)), Schedule()
    schedule.run(asked.choices, asked, synthetic_split("train", 400), say=lambda what: None, on_block=lambda: None)
    assert len(schedule.blocks) == 4


def test_an_interval_that_was_stopped_early_is_wider(monkeypatch: pytest.MonkeyPatch) -> None:
    def seconds(label: str, number: int) -> float:
        return 2.0 + (0.004 * number if label == B else 0.2 * number if label == SLOW else 0.0)

    early, took_part = stopped(monkeypatch, seconds)
    assert took_part[-1] == "Sound Sleeps:0.02"
    ratio, usual = early.ratio(B, A, "epoch_seconds"), Schedule(early.blocks).ratio(B, A, "epoch_seconds")
    assert ratio
    assert usual
    assert ratio.high
    assert usual.high
    assert ratio.value == usual.value
    assert ratio.high / ratio.value == pytest.approx((usual.high / usual.value) ** WIDER)
    whole = early.ratio(SLOW, A, "epoch_seconds")
    assert whole == Schedule(early.blocks).ratio(SLOW, A, "epoch_seconds"), "it came to the last block"


def test_a_slow_variant_keeps_nobody_in_the_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes part in the first block alone, so its ratio is never known."""
    monkeypatch.setattr(
        registry.Choice, "slow_reason", lambda self, device: "it is slow" if self.label == SLOW else None
    )
    _, took_part = stopped(monkeypatch, lambda label, number: 2.0)
    assert len(took_part) == FEWEST
    assert took_part[-1] == "Sound DoesNothing"


def test_a_run_that_is_resumed_leaves_out_what_was_known() -> None:
    def seconds(label: str, number: int) -> float:
        return 2.0 + 0.2 * number * (label == SLOW)

    asked = settings(A, B, SLOW, against=(A,))
    blocks = [Block({label: course(seconds(label, n)) for label in (A, B, SLOW)}, [1.0]) for n in range(FEWEST)]
    assert [choice.label for choice in Schedule(blocks)._wanted(asked.choices, asked)] == [A, SLOW]


def test_what_is_said_has_the_time_that_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def measure(number: int, choices: Any, asked: Any, train: Any, say: Callable[[str], None]) -> Block:
        say("round 1: x")
        return Block({A: course(2.0)}, [1.0])

    monkeypatch.setattr(block, "measure", measure)
    asked = settings(A, blocks=2)
    Schedule().run(asked.choices, asked, synthetic_split("train", 400), say=said.append, on_block=lambda: None)
    assert said[0] == "block 1 of 2, round 1: x"
    assert said[1].startswith("block 2 of 2, round 1: x (about ")
