"""A block's epochs are compared with the baseline's, as far as time allows; what is not compared says why."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

import half_work
from bench.timing import same_work
from bench.timing.block import Block
from bench.timing.same_work import SameWork, affordable
from bench.timing.standard import Standard
from bench.worker.process import WorkerError
from fakes import Sound
from made_up_blocks import course
from subjects import settings
from trainings import standard, training

RIGHT, WRONG = "fakes:Sound", "half_work:EverySecondBatch"


class Ladder:
    """Verdicts that nobody measured."""

    def __init__(self, found: str = "equivalent", rung: str = "", **others: str) -> None:
        self.found, self.rung, self.others = found, rung, others

    def verdict(self, label: str) -> str | None:
        return self.others.get(label.partition(":")[2])

    def of(self, choice: Any) -> Any:
        if self.found == "lost":
            raise WorkerError("fakes:Sound was killed by SIGKILL during train_epoch.")
        return SimpleNamespace(verdict=self.found, first_failed_rung=self.rung)


def work(monkeypatch: pytest.MonkeyPatch, ladder: Ladder | None = None, **more: Any) -> SameWork:
    """Of a run whose baseline is `fakes.Sound`."""
    monkeypatch.setattr(same_work, "usual_baseline", lambda: RIGHT)
    return SameWork(settings(RIGHT, quick=True, **more), ladder or Ladder())  # type: ignore[arg-type]


def block() -> Block:
    trained = {RIGHT: training(Sound(), 0), WRONG: training(half_work.EverySecondBatch(), 0), "never:Started": []}
    return Block({RIGHT: course(2.0), WRONG: course(1.0), "never:Started": course(error="it broke")}, trained=trained)


def test_what_trains_something_else_is_refused_with_what_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = work(monkeypatch)
    monkeypatch.setattr(judge, "_train", lambda epochs, say: standard())
    judge.prepare(lambda what: None)
    judge._seconds = 1.0
    judged = block()
    judge.judge(judged, lambda what: None)
    assert judged.courses[RIGHT].refusal == ""
    assert judged.courses[RIGHT].work == {
        "baseline": "sound",
        "twins": 3,
        "epochs": 3,
        "trained": 3,
        "share": 0.0,
        "where": "loss of step 1 of epoch 1",
    }
    refusal = judged.courses[WRONG].refusal
    assert refusal.startswith(
        f"{WRONG}: its timed epochs do not train what sound trains, so its rows are refused: "
        "in epoch 1, the loss of step 2 is"
    )
    assert judged.courses["never:Started"].work == {}
    assert judged.trained == {}, "megabytes that nobody needs any longer"
    assert Block.from_dict(json.loads(json.dumps(judged.as_dict(), allow_nan=False))) == judged


@pytest.mark.parametrize(
    ("ladder", "reason"),
    [
        (
            Ladder("different", "optimizer"),
            "fakes:Sound is different on the ladder of this run (optimizer), so there is nothing to compare with",
        ),
        (Ladder("lost"), "fakes:Sound was killed by SIGKILL during train_epoch"),
    ],
    ids=["different", "lost"],
)
def test_a_baseline_that_is_not_verified_accuses_nobody(
    monkeypatch: pytest.MonkeyPatch, ladder: Ladder, reason: str
) -> None:
    judge = work(monkeypatch, ladder)
    judge.prepare(lambda what: None)
    judged = block()
    judge.judge(judged, lambda what: None)
    for label in (RIGHT, WRONG):
        assert judged.courses[label].work == {"not_compared": reason}
        assert judged.courses[label].refusal == ""


@pytest.mark.usefixtures("importable_fakes")
@pytest.mark.slow
def test_the_baseline_trains_as_many_epochs_as_a_block_and_twins_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    judge, said = work(monkeypatch), list[str]()
    judge.prepare(said.append)
    made = judge._standard
    assert made
    assert (made.baseline, made.epochs, made.twins) == (RIGHT, 12, 3)
    assert said[0] == "what the timed epochs must train, by fakes:Sound: the ladder"
    assert said[-1].endswith("twin 3 of 3, epoch 12")
    losses = [run[0].losses.tolist() for run in made.runs]
    assert all(losses[0] != twin for twin in losses[1:])


@pytest.mark.usefixtures("importable_fakes")
@pytest.mark.slow
def test_a_baseline_whose_epochs_are_long_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(same_work, "SLOW_SECONDS", 0.0)
    judge = work(monkeypatch)
    judge.prepare(lambda what: None)
    judged = block()
    judge.judge(judged, lambda what: None)
    assert "s here, and timed epochs are compared with it only where" in judged.courses[RIGHT].work["not_compared"]


def test_a_block_of_more_epochs_has_the_standard_trained_anew_while_there_is_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trained: list[int] = []

    def train(epochs: int, say: Any) -> Standard:
        trained.append(epochs)
        return standard() if epochs else Standard("sound", [run[:2] for run in standard().runs])

    judge = work(monkeypatch)
    monkeypatch.setattr(judge, "_train", train)
    judge.prepare(lambda what: None)
    judge._seconds = 1.0
    for left in (0.5, 100.0, 100.0):
        judge._seconds_left = left
        judge.judge(block(), lambda what: None)
    assert trained == [0, 3]


def test_a_run_that_has_little_time_takes_fewer_twins_and_then_fewer_epochs() -> None:
    assert affordable(4, 3.0, 94.0, done=2) == (4, 3)
    assert affordable(5, 6.0, 88.0, done=2) == (5, 2)
    assert affordable(5, 10.0, 80.0, done=2) == (3, 2), "the first epoch of the rounds is compared in any case"
    assert affordable(12, 0.9, 98.2, done=2) == (12, 3)
    for epochs in (4, 5, 12):
        for seconds in (0.1, 1.0, 5.0, same_work.SLOW_SECONDS):
            left = same_work.BUDGET_SECONDS - 2 * seconds
            found, twins = affordable(epochs, seconds, left, done=2)
            assert ((1 + twins) * found - 2) * seconds <= left
            assert found >= min(3, epochs)


def test_a_baseline_that_does_not_run_on_the_device_trains_on_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(same_work, "usual_baseline", lambda: "reference:float32")
    asked = replace(settings(RIGHT), device="my-chip:0")
    assert SameWork(asked, Ladder()).settings.device == "cpu"  # type: ignore[arg-type]
    assert SameWork(replace(asked, device="cpu"), Ladder()).settings.device == "cpu"  # type: ignore[arg-type]


def test_a_variant_that_the_ladder_calls_different_keeps_its_rows_which_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for verdict, refused in (("different", False), ("inconclusive", True)):
        judge = work(monkeypatch, Ladder(EverySecondBatch=verdict))
        monkeypatch.setattr(judge, "_train", lambda epochs, say: standard())
        judge.prepare(lambda what: None)
        judge._seconds = 1.0
        judged = block()
        judge.judge(judged, lambda what: None)
        assert bool(judged.courses[WRONG].refusal) == refused
        assert judged.courses[WRONG].work["share"] > 1
