"""A schedule pairs rounds of the same block, goes on after the blocks that are there, and leaves out what failed."""

from __future__ import annotations

from typing import Any

import pytest

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
