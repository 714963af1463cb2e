"""Seconds to a stated accuracy and of the whole recipe."""

from __future__ import annotations

import pytest

from bench.report.site import cost
from bench.results.load import Device, Variant
from made_up_results import row
from made_up_runs import made


def variant(**more: object) -> Variant:
    kinds = ("agreement", "first epoch", "epoch", "evaluation")
    return Variant("pytorch:eager", {kind: row(kind, **more) for kind in kinds})


def test_the_recipe_is_its_epochs_and_its_tests() -> None:
    # Medians of the made-up rows: the first epoch 3.15 s, a steady one 2.9 s, the test split 0.35 s.
    assert cost.recipe_seconds(variant()) == pytest.approx(3.15 + 9 * 2.9 + 10 * 0.35)


def test_what_was_not_timed_has_no_cost() -> None:
    whole = variant()
    for kind in ("first epoch", "epoch", "evaluation"):
        part = Variant(whole.label, {name: record for name, record in whole.records.items() if name != kind})
        assert cost.recipe_seconds(part) is None
    assert cost.seconds_to(whole, None) is None


def test_only_an_equivalent_variant_has_the_accuracy_of_its_framework() -> None:
    assert cost.seconds_to(variant(), 3) == pytest.approx(3.15 + 2 * 2.9)
    assert cost.seconds_to(variant(verdict="different"), 3) is None


def test_the_epoch_is_the_first_whose_mean_accuracy_is_enough() -> None:
    device = Device("Abacus, 2 cores", "fp32", "cifar10-x", 0)
    runs = [
        made(seed=0, accuracy_per_epoch=[0.40, 0.46, 0.47]),
        made(seed=1, accuracy_per_epoch=[0.40, 0.43, 0.47]),
        made(seed=0, twin=True, accuracy_per_epoch=[0.9, 0.9, 0.9]),
        made("flax:jit", accuracy_per_epoch=[0.1, 0.2, 0.3]),
    ]
    assert cost.epochs_to_target(device, runs) == {"pytorch": 3}


def test_the_benchmarks_own_training_counts_where_there_are_no_seeds() -> None:
    trained = Variant("flax:jit", {"training": row("training", "flax:jit", accuracy_per_epoch=[0.44, 0.45])})
    device = Device("Abacus, 2 cores", "fp32", "cifar10-x", 0, variants={"flax:jit": trained})
    assert cost.epochs_to_target(device, []) == {"flax": 2}
