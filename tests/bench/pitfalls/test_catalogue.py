"""Every mistake is told whole: threads that can be opened, files that are there, headlines made from its figures."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from bench.pitfalls.catalogue import BY_KEY, MISTAKES
from bench.pitfalls.mistake import Mistake
from bench.pitfalls.mistakes import one_seed, rounds
from command import ROOT
from made_up_pitfalls import DOUBLE, FIGURES, SAME


def test_each_is_named_once() -> None:
    assert len(BY_KEY) == len(MISTAKES) == len({mistake.title for mistake in MISTAKES})
    assert set(FIGURES) == set(BY_KEY)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.key)
def test_each_has_threads_and_files(mistake: Mistake[Any]) -> None:
    assert mistake.threads
    for thread in mistake.threads:
        assert re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+/(issues|pull)/\d+", thread.url)
        assert thread.name == f"{thread.repository}#{thread.number}"
        assert thread.happened.endswith(".")
    assert mistake.where
    for path in mistake.where:
        assert (ROOT / path).is_file(), path


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.key)
def test_each_tells_its_figures(mistake: Mistake[Any]) -> None:
    figures = FIGURES[mistake.key]
    assert isinstance(figures, mistake.figures)
    told = mistake.tell(figures)
    assert re.search(r"\d", told.worth)
    assert re.search(r"\d", told.wrong + told.right)
    for sentence in (told.wrong, told.right, told.measured):
        assert sentence[-1] in ".)”", sentence


def told(key: str, **changed: Any) -> Any:
    return BY_KEY[key].tell(replace(FIGURES[key], **changed))


def test_headlines_follow_the_figures() -> None:
    assert told("unfinished").wrong == "Flax is 33.3 (25.0 to 50.0) times as fast as PyTorch."
    assert told("unfinished", wrong=DOUBLE).wrong == "PyTorch is 2.00 (1.90 to 2.10) times as fast as Flax."
    assert "cannot be told apart" in told("unfinished", right=SAME).right
    assert "“it does not wait”." in told("unfinished").measured
    assert "found nothing to refuse" in told("unfinished", refusal="").measured
    assert "Flax is more accurate by +4.20 points" in told("initial").wrong


def test_a_mistake_that_is_worth_nothing_is_said_to_be() -> None:
    assert told("training_mode").worth.startswith("nothing for LeNet")
    assert told("training_mode", plain_training=0.36).worth.startswith("-1.00 points for LeNet")
    assert told("rounds", by_rounds=[SAME, SAME]).worth.startswith("a program is told from itself in 0 of 2")


def test_derived_figures() -> None:
    seed: one_seed.Figures = FIGURES["one_seed"]
    assert max(seed.unpaired) == pytest.approx(0.03)
    assert len(seed.unpaired) == 6
    assert seed.beyond == pytest.approx(4 / 6)
    apart: rounds.Figures = FIGURES["rounds"]
    assert len(apart.apart) == 1
    assert FIGURES["shuffle"].largest == 0.005


def test_a_planted_program_without_effect_gives_no_headline() -> None:
    assert "is as accurate as the other" in told("epsilon", differences=[0.0, 0.0, 0.0]).wrong
    assert told("epsilon").wrong == "The one with ε = 1e-7 is 0.50 points more accurate (one seed)."
    assert "0.50 points less" in told("shuffle", differences=[0.001, -0.005]).wrong
