"""Stored runs are chosen and divided as the harness does it, and a mistaken mean of them is the mistake's."""

from __future__ import annotations

from typing import Any, cast

import pytest

from bench.pitfalls.committed import FullRun, Process, full_run
from bench.pitfalls.lab import Lab
from bench.pitfalls.mistakes import compilation, loader, rounds, tf32
from impls.errors import LenetError
from made_up_pitfalls import StubLab, timed

FLAX, PYTORCH = "flax:tuned", "pytorch:tuned"
TWO = {FLAX: [[0.5, 0.5], [0.52, 0.52]], PYTORCH: [[0.6, 0.6], [0.6, 0.6]]}


def lab(*devices: Any) -> Lab:
    return cast(Lab, StubLab(devices=list(devices)))


def test_the_run_of_this_device_comes_first_and_then_the_one_with_the_most_variants() -> None:
    other = timed(TWO | {"a:b": [[1.0], [1.0]]}, name="Another")
    assert full_run(lab(other, timed(TWO)), [FLAX]).device.name == "Abacus, 2 cores"
    assert full_run(lab(timed(TWO, name="Third"), other), [FLAX]).device is other


@pytest.mark.parametrize(
    "device",
    [
        timed(TWO, precision="bf16"),
        timed(TWO, quick=True),
        timed(TWO, data="synthetic-x"),
        timed({FLAX: TWO[FLAX]}),
        timed({label: blocks[:1] for label, blocks in TWO.items()}),
    ],
    ids=["bf16", "quick", "made up", "a variant is missing", "one block"],
)
def test_a_run_that_does_not_serve_is_not_taken(device: Any) -> None:
    with pytest.raises(LenetError, match="no stored run of several blocks timed flax:tuned, pytorch:tuned"):
        full_run(lab(device), [FLAX, PYTORCH])


def test_ratios_are_paired_and_their_interval_is_over_blocks() -> None:
    run = FullRun(timed(TWO))
    ratio = run.ratio(FLAX, PYTORCH)
    assert ratio.value == pytest.approx((0.5 * 0.52) ** 0.5 / 0.6)
    by_rounds = run.ratio_by_rounds(FLAX, PYTORCH)
    assert by_rounds.value == pytest.approx(ratio.value)
    assert ratio.low
    assert by_rounds.low
    assert by_rounds.low > ratio.low, "four rounds of two processes look surer than two blocks"


def test_a_mean_with_the_first_epoch_in_it_depends_on_how_many_there_are() -> None:
    process = Process(first=3.0, second=1.0, steady=1.0)
    assert process.mean(2) == 2.0
    assert process.mean(10) == pytest.approx(1.2)
    assert Process(1.0, 1.0, 1.0).mean(3) == 1.0


def test_compilation_in_the_mean_turns_the_headline_round() -> None:
    flax = timed({FLAX: TWO[FLAX]}, firsts=[2.0, 2.1], seconds=[0.6, 0.6])
    both = timed(TWO, firsts=[0.6, 0.6], seconds=[0.6, 0.6])
    both.variants[FLAX] = flax.variants[FLAX]
    figures = compilation.measure(lab(both))
    assert figures.few.value > 1 > figures.steady.value
    assert figures.few.value > figures.many.value > figures.steady.value
    same = compilation.measure(lab(timed(TWO, firsts=[0.5, 0.5], seconds=[0.5, 0.5])))
    assert same.first_flax == 0.5


def test_processes_without_a_first_epoch_are_refused() -> None:
    with pytest.raises(LenetError, match="lacks the first or second epoch of a process of flax:tuned"):
        FullRun(timed(TWO, firsts=[0.5], seconds=[0.5, 0.5])).processes(FLAX)


def test_the_loader_is_worth_what_the_plain_loop_takes_longer() -> None:
    device = timed(TWO | {"pytorch:lecture": [[3.0], [3.0]], "pytorch:eager": [[2.0], [2.1]]})
    figures = loader.measure(lab(device))
    assert figures.worth.value == pytest.approx(1.5 / (2.1 / 2.0) ** 0.5)
    assert (figures.loop, figures.resident) == (3.0, 2.05)
    assert figures.wrong.value < figures.right.value


def test_tf32_is_taken_from_a_gpu_that_timed_both_and_otherwise_needs_one() -> None:
    with pytest.raises(LenetError, match="needs a GPU"):
        tf32.measure(lab(timed(TWO)))
    lower = timed({FLAX: [[0.25], [0.25]]}, precision="tf32")
    with pytest.raises(LenetError, match="needs a GPU"):
        tf32.measure(lab(timed(TWO, name="Another"), lower))
    figures = tf32.measure(lab(timed(TWO), lower))
    assert (figures.variant, figures.fp32, figures.tf32) == (FLAX, 0.51, 0.25)


def test_intervals_over_rounds_are_narrower_where_processes_differ() -> None:
    noisy = {"a:b": [[1.0, 1.01], [1.2, 1.21]], "c:d": [[1.0, 1.01], [1.0, 1.01]], "e:f": [[1.1, 1.11], [1.0, 1.01]]}
    narrower = rounds._narrower(FullRun(timed(noisy)))
    assert narrower
    assert narrower > 0.3
    assert rounds._narrower(FullRun(timed({"a:b": [[1.0], [1.0]]}))) is None
