"""What rows say of the timed epochs: whether they trained alike, and whether something compiled in the second."""

from __future__ import annotations

from bench.results import row
from bench.results.schema import check
from bench.timing.block import Block
from bench.timing.schedule import Schedule
from made_up_blocks import course
from made_up_results import content
from made_up_results import row as made_up
from subjects import settings

WORK = {"baseline": "b", "twins": 3, "epochs": 4, "trained": 4, "share": 0.2, "where": "loss of step 1 of epoch 2"}


def schedule(second: float, second_evaluation: float = 0.2, **more: object) -> Schedule:
    late = {"warmup_epoch_seconds": [second], "warmup_eval_seconds": [second_evaluation], "page_faults": [0, 0]}
    return Schedule([Block({"fakes:Sound": course(2.0, 2.1, **late, **more)}, [1.0, 1.0]) for _ in range(4)])


def test_a_second_epoch_that_compiles_again_is_in_the_row_and_its_warnings() -> None:
    asked = settings("fakes:Sound")
    found = row.epoch(schedule(12.0), "fakes:Sound", asked)
    assert found["warmup_epoch_seconds"] == [12.0] * 4
    [warning] = found["warnings"]
    assert warning.startswith(
        "the second epoch of a process takes 12 s where later ones take 2.05 s: something is compiled"
    )
    assert row.epoch(schedule(2.2), "fakes:Sound", asked)["warnings"] == []


def test_and_so_is_a_second_evaluation() -> None:
    found = row.evaluation(schedule(2.0, 9.0), "fakes:Sound")
    assert found["warmup_eval_seconds"] == [9.0] * 4
    [warning] = found["warnings"]
    assert warning.startswith("the second evaluation of a process takes 9 s where later ones take 0.205 s")
    assert row.evaluation(schedule(2.0, 0.4), "fakes:Sound")["warnings"] == [], "twice as long, as on a CPU"


def test_a_row_says_how_its_epochs_compare_with_the_baselines() -> None:
    asked = settings("fakes:Sound")
    found = row.epoch(schedule(2.0, work=WORK), "fakes:Sound", asked)
    assert found["work"] == WORK | {"where": "loss of step 1 of epoch 2, block 1", "blocks": 4}
    check(content(made_up("epoch", work=found["work"])))
    without = row.epoch(schedule(2.0, work={"not_compared": "an epoch takes 12 s"}), "fakes:Sound", asked)
    assert without["work"] == {"not_compared": "an epoch takes 12 s"}
    check(content(made_up("epoch", work=without["work"])))


def test_blocks_that_were_stored_before_there_was_a_comparison_have_rows() -> None:
    old = schedule(2.0)
    stored = [block.as_dict() for block in old.blocks]
    for block in stored:
        for name in ("work", "refusal", "warmup_eval_seconds"):
            del block["courses"]["fakes:Sound"][name]
    again = Schedule([Block.from_dict(block) for block in stored])
    found = row.epoch(again, "fakes:Sound", settings("fakes:Sound"))
    assert "work" not in found
    assert "warmup_eval_seconds" not in row.evaluation(again, "fakes:Sound")
    assert again.first_epochs("fakes:Sound")["first_epoch_seconds"] == [9.0] * 4
