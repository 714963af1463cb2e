"""Timed epochs that train something else are found by what they trained; sound ones are not, however they round."""

from __future__ import annotations

import numpy as np
import pytest

import half_work
import sound
from bench.timing.standard import Standard, nudged_bits, stretches
from bench.timing.trained import Trained
from fakes import Sound
from impls.reference.backend import Reference
from trainings import EPOCHS, standard, training

WRONG = {
    half_work.EverySecondBatch: "in epoch 1, the loss of step 2 is",
    half_work.AnotherRate: "in epoch 1, the loss of step 2 is",
    half_work.StopsAfterTheSecondEpoch: "in epoch 3, the loss of step 2 is",
    half_work.FirstLossesAgain: "in epoch 2, the loss of step 1 is",
    half_work.TrainsNothingInTheLastEpochs: "after epoch 3, conv1.weight differs",
}


@pytest.mark.parametrize("wrong", WRONG, ids=lambda cls: cls.__name__)
def test_epochs_that_train_something_else_are_found_with_epoch_step_and_distance(wrong: type[Sound]) -> None:
    found = standard().compare(training(wrong(), 0))
    assert found.share > 10
    assert found.epochs == EPOCHS
    assert found.difference.startswith(WRONG[wrong])
    assert "from parameters nudged by a rounding error, differ by at most" in found.difference


def test_a_stop_in_the_very_last_epoch_shows_in_the_parameters() -> None:
    right = training(Sound(), 0)
    found = standard().compare([*right[:-1], Trained(right[-1].losses, right[-2].params)])
    assert found.difference.startswith(f"after epoch {EPOCHS}, conv1.weight differs from that of sound by")


@pytest.mark.parametrize("cls", [sound.Float64Inside, sound.SumsBackwards, sound.SumsOneByOne])
def test_other_roundings_are_no_difference(cls: type[Sound]) -> None:
    found = standard().compare(training(cls(), 0))
    assert found.share < 0.5
    assert found.difference == ""


@pytest.mark.slow
def test_sound_programs_pass_from_every_seed() -> None:
    """Some of them meet a pool whose maximum depends on roundings where no twin that is one unit away meets one."""
    for cls in (sound.SumsBackwards, sound.Float64Inside):
        assert max(standard(seed).compare(training(cls(), seed)).share for seed in range(20)) < 0.5


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["tf32", "bf16"])
def test_a_lower_precision_is_compared_with_its_own(precision: str) -> None:
    lower = standard(0, precision)
    assert lower.compare(training(sound.SumsBackwards(precision=precision), 0)).difference == ""
    assert lower.compare(training(half_work.EverySecondBatch(precision=precision), 0)).difference
    assert nudged_bits(precision) < nudged_bits("fp32") < 23


def test_what_is_not_a_number_is_a_difference() -> None:
    right = training(Sound(), 0)
    params = {**right[1].params, "fc2.bias": np.full(84, np.nan, np.float32)}
    found = standard().compare([right[0], Trained(right[1].losses, params)])
    assert np.isinf(found.share)
    assert "after epoch 2, fc2.bias differs from that of sound by nan" in found.difference


def test_no_more_is_compared_than_there_is() -> None:
    short = Standard("sound", [run[:2] for run in standard().runs])
    found = short.compare(training(half_work.StopsAfterTheSecondEpoch(), 0))
    assert (found.epochs, found.difference) == (2, "")
    assert short.twins == 3
    assert standard().compare([]).epochs == 0


def test_the_baseline_itself_uses_nothing() -> None:
    assert standard().compare(training(Reference(variant="float32"), 0)).share == 0


def test_one_hidden_unit_that_seldom_fires_is_no_difference() -> None:
    """Whether it fires may depend on a rounding, and Adam then moves its bias by whole learning rates."""
    right = training(Sound(), 0)
    bias = right[1].params["fc1.bias"].copy()
    bias[67] += 2e-4
    found = standard().compare([right[0], Trained(right[1].losses, {**right[1].params, "fc1.bias": bias})])
    assert found.difference == ""
    bias += 2e-4
    found = standard().compare([right[0], Trained(right[1].losses, {**right[1].params, "fc1.bias": bias})])
    assert found.difference.startswith("after epoch 2, fc1.bias differs")


def test_losses_that_are_off_on_average_are_a_difference_though_each_of_them_may_be() -> None:
    """As with another learning rate, late, where single losses of correct runs are far apart."""
    rng = np.random.default_rng(0)
    params, true = training(Sound(), 0, epochs=1)[0].params, np.full(500, 2.0)

    def run(shift: float) -> list[Trained]:
        return [Trained((true * (1 + shift + 0.02 * rng.standard_normal(500))).astype(np.float32), params)]

    made = Standard("b", [run(0.0) for _ in range(4)])
    assert made.compare(run(0.0)).difference == ""
    assert made.compare(run(0.06)).difference.startswith("in epoch 1, the mean loss is 2.1")


def test_the_first_epoch_is_compared_in_parts_so_that_its_beginning_is_held_to_more() -> None:
    assert list(stretches(500, 0)) == [(0, 8), (8, 16), (16, 32), (32, 64), (64, 128), (128, 256), (256, 500)]
    assert list(stretches(4, 0)) == [(0, 4)]
    assert list(stretches(500, 1)) == [(0, 500)]
