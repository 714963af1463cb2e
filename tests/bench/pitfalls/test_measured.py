"""The harness sees what is planted: with light fakes, in worker processes."""

from __future__ import annotations

from dataclasses import replace

import psutil
import pytest

from bench.base.settings import Settings
from bench.pitfalls import busy
from bench.pitfalls.lab import Lab
from bench.pitfalls.mistakes import other_process, rounds, unfinished
from impls.errors import LenetError


@pytest.fixture
def lab(settings: Settings) -> Lab:
    return Lab(replace(settings, threads=1, blocks=2), lambda what: None)


@pytest.mark.slow
def test_a_clock_that_stops_too_early_is_found_and_refused(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unfinished, "PYTORCH", "fakes:Sleeps:0.02")
    monkeypatch.setattr(unfinished, "FLAX", "fakes:Sound:float32")
    monkeypatch.setattr(unfinished, "PLANT", "fakes:DoesNotWait:float32")
    monkeypatch.setattr(unfinished, "BLOCKS", 1)
    found = unfinished.measure(lab)
    assert "train_epoch returns before its device is idle" in found.refusal
    assert found.unfinished > 0.2, "what the fake goes on for"
    monkeypatch.setattr(unfinished, "PLANT", "fakes:Sound:float32")
    assert unfinished.measure(lab).refusal == ""


@pytest.mark.slow
def test_a_variant_that_is_lost_is_a_sentence(lab: Lab) -> None:
    with pytest.raises(LenetError, match="no chip found"):
        lab.blocks(["fakes:CannotBeMade"], 1)


@pytest.mark.slow
def test_one_program_against_itself_has_a_ratio_for_each_pair_of_processes(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "BASELINE", "fakes:Sound:float32")
    monkeypatch.setattr(rounds, "AGAIN", "fakes:Sleeps:0.02")  # by another name
    monkeypatch.setattr(rounds, "BLOCKS", 2)
    found = rounds.measure(lab)
    assert len(found.by_rounds) == 2
    assert found.rounds >= 2
    assert found.source is None, "there are no stored results"


@pytest.mark.slow
def test_the_other_process_is_at_work_when_it_should_be(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work: list[int] = []
    real = other_process.Subject.epoch

    def epoch(subject: other_process.Subject) -> float:
        at_work.append(len(spinning()))
        return real(subject)

    monkeypatch.setattr(other_process, "BASELINE", "fakes:Sound:float32")
    monkeypatch.setattr(other_process, "BLOCKS", 1)
    monkeypatch.setattr(other_process, "ROUNDS", 2)
    monkeypatch.setattr(other_process.Subject, "epoch", epoch)
    found = other_process.measure(lab)
    assert at_work == [0] * 4 + [0] * 2 + [1] * 2 + [1] * 4, "warm-ups, the first alone, the second alone, in turn"
    assert found.cores == 1
    assert not spinning()


def spinning() -> list[psutil.Process]:
    children = psutil.Process().children()
    return [child for child in children if child.is_running() and busy.MODULE in child.cmdline()]


def test_what_keeps_cores_busy_is_gone_afterwards_whatever_happens() -> None:
    with busy.busy_cores(2):
        assert len(spinning()) == 2
    assert not spinning()
    with pytest.raises(ZeroDivisionError), busy.busy_cores(1):
        raise ZeroDivisionError
    assert not spinning()
