"""A block times every variant in turn and catches one that does not wait for its device."""

from __future__ import annotations

import json
from itertools import pairwise

import psutil
import pytest

from bench.results import row
from bench.timing import block
from bench.timing.block import Block
from bench.timing.schedule import Schedule
from impls.data.synthetic import synthetic_split
from subjects import settings

pytestmark = pytest.mark.usefixtures("importable_fakes")


@pytest.mark.slow
def test_a_block_times_everything_in_turn_and_catches_what_does_not_wait() -> None:
    asked = settings("fakes:Sleeps:0.02", "fakes:DoesNotWait", "fakes:CannotBeMade", "fakes:CopiesWhenRead", quick=True)
    said: list[str] = []
    found = block.measure(0, asked.choices, asked, synthetic_split("train", 400), said.append)
    sleeper = found.courses["fakes:Sleeps:0.02"]
    assert sleeper.error == ""
    assert len(sleeper.epoch_seconds) == len(sleeper.eval_seconds) == len(found.control_seconds) == block.BRIEF_ROUNDS
    assert len(sleeper.warmup_epoch_seconds) == 1
    assert "train_epoch returns before its device is idle" in found.courses["fakes:DoesNotWait"].error
    assert found.courses["fakes:CopiesWhenRead"].error == ""
    assert min(found.courses["fakes:CopiesWhenRead"].unfinished_seconds) > 0.2, "or it was under no suspicion"
    assert "__init__ raised RuntimeError: no chip found" in found.courses["fakes:CannotBeMade"].error
    order = [what.split(": ")[1] for what in said if what.startswith("round")]
    forwards = ["the bare loop", "fakes:Sleeps:0.02", "fakes:DoesNotWait", "fakes:CopiesWhenRead"]
    assert order[:8] == forwards + forwards[::-1]
    assert said.index("warm-up: the bare loop") < said.index("round 1: the bare loop")
    assert Block.from_dict(json.loads(json.dumps(found.as_dict()))) == found


@pytest.mark.slow
def test_a_process_ends_with_its_closing_figures_and_leaves_its_memory_to_the_next() -> None:
    asked = settings("fakes:Sleeps:0.02", "fakes:Sound", quick=True)
    processes = psutil.Process().children
    alive: dict[str, int] = {}

    def say(what: str) -> None:
        workers = [child for child in processes() if "bench.worker.serve" in child.cmdline()]
        alive[what] = len(workers)

    block.measure(0, asked.choices, asked, synthetic_split("train", 400), say)
    assert alive["closing figures of fakes:Sleeps:0.02"] == 2
    assert alive["closing figures of fakes:Sound"] == 1


@pytest.mark.slow
def test_closing_figures_are_taken_in_the_first_blocks_alone() -> None:
    """They take as long as an epoch; whether a variant waits for its device is looked at in every block."""
    asked = settings("fakes:Sound", "fakes:DoesNotWait", quick=True)
    for number in (block.CLOSING_BLOCKS - 1, block.CLOSING_BLOCKS):
        said: list[str] = []
        found = block.measure(number, asked.choices, asked, synthetic_split("train", 400), said.append)
        taken = number < block.CLOSING_BLOCKS
        assert bool(found.courses["fakes:Sound"].figures) == taken
        assert ("closing figures of fakes:Sound" in said) == taken
        assert "before its device is idle" in found.courses["fakes:DoesNotWait"].error


@pytest.mark.slow
def test_a_second_epoch_that_compiles_again_is_in_no_steady_figure_and_said() -> None:
    label = "half_work:CompilesTwice"
    asked = settings(label, quick=True)
    found = block.measure(0, asked.choices, asked, synthetic_split("train", 400), lambda what: None)
    figures = row.epoch(Schedule([found]), label, asked)
    assert figures["warmup_epoch_seconds"][0] >= 3.0
    assert max(figures["epoch_seconds"]) < 3.0
    assert any("is compiled again" in warning for warning in figures["warnings"])


@pytest.mark.slow
def test_a_block_keeps_what_each_epoch_trained_until_it_is_compared() -> None:
    asked = settings("fakes:Sound", "fakes:CannotBeMade", quick=True)
    found = block.measure(0, asked.choices, asked, synthetic_split("train", 400), lambda what: None)
    trained = found.trained["fakes:Sound"]
    assert len(trained) == 2 + len(found.courses["fakes:Sound"].epoch_seconds)
    assert found.trained["fakes:CannotBeMade"] == []
    assert all(epoch.losses.shape == (4,) for epoch in trained)
    weights = [epoch.params["fc3.weight"] for epoch in trained]
    assert all((a != b).any() for a, b in pairwise(weights)), "each epoch's own, not one buffer"
    assert "trained" not in found.as_dict()
