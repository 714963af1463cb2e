"""Layers that are given out after their ReLU are held to the oracle as those before it are."""

from __future__ import annotations

import re

import numpy as np
import pytest

import fused
from bench.guard.backend import Guarded
from bench.parity.oracle import Expected
from bench.parity.rungs import RUNGS
from bench.parity.rungs import fused as rung
from bench.parity.rungs.base import Climb
from bench.parity.verdict import Rung
from impls.contract import Backend
from impls.errors import BackendError
from impls.spec import ACTIVATION_SHAPES
from impls.spec.fused import GIVEN_SHAPES, RECTIFIED_SHAPES
from ladder import Splits


def climbed(backend: Backend, answers: Expected, splits: Splits) -> Rung:
    guarded = Guarded(backend)
    resident = [guarded.to_device(split) for split in (*splits, splits[1].head(answers.short_test))]
    return RUNGS["forward"].climb(Climb(guarded, answers, *resident))


def test_the_names_are_in_the_order_of_a_forward_pass() -> None:
    assert list(GIVEN_SHAPES) == [
        *("conv1", "conv1_relu", "pool1", "conv2", "conv2_relu", "pool2", "fc1", "fc1_relu", "fc2", "fc2_relu", "fc3")
    ]
    assert set(GIVEN_SHAPES) == set(ACTIVATION_SHAPES) | set(RECTIFIED_SHAPES)
    assert RECTIFIED_SHAPES["conv1_relu"] == (6, 28, 28)  # before it is pooled


@pytest.mark.slow
@pytest.mark.parametrize(
    ("backend", "count"),
    [
        (fused.FusesItsReLUs, 7),
        (fused.FusesPyTorchs, 7),
        (fused.GivesBoth, 11),
        (fused.GivesSome, 3),
        (fused.GivesNone, 0),
    ],
)
def test_sound_ones_pass_and_all_that_they_give_is_compared(
    backend: type[Backend], count: int, answers: Expected, made_up: Splits
) -> None:
    found = climbed(backend(variant=backend.variants[0], device="cpu"), answers, made_up)
    assert found.status == "passed", found.sentence
    first = [each.place["layer"] for each in found.comparisons if each.what.endswith("(first batch)")]
    assert first == [name for name in GIVEN_SHAPES if name in first] + ["log_probs"]
    assert len(first) == count + 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("defect", "where", "cause"),
    [
        (fused.MissesAReLU, r"output of fc1_relu \(first batch\)", "^the ReLU after fc1 is missing, or fc1_relu is"),
        (fused.CapsAt6, r"output of conv1_relu \(large activations\)", "^activations are capped at 6: ReLU6 for ReLU$"),
        (fused.FlipsKernels, r"output of conv1_relu \(first batch\)", "^kernels are flipped"),
        (fused.ForgetsABias, r"output of conv2_relu \(first batch\)", "^conv2.bias is not added$"),
        (fused.NamesThemWrongly, r"output of fc1_relu \(first batch\)", "or fc1_relu is what comes before it$"),
        (fused.UsesTF32, r"output of conv1_relu \(first batch\)", "TF32"),
    ],
)
def test_a_wrong_one_is_caught_at_its_layer(
    defect: type[Backend], where: str, cause: str, answers: Expected, made_up: Splits
) -> None:
    found = climbed(defect(variant="float32", device="cpu"), answers, made_up)
    assert found.status == "failed"
    assert re.search(where, found.where), found.where
    assert re.search(cause, found.causes[0]), found.causes


@pytest.mark.slow
def test_as_much_is_allowed_after_a_relu_as_before_it(answers: Expected) -> None:
    """In absolute terms, also where the largest value is a negative one."""
    shares = []
    for case in answers.cases:
        for name in RECTIFIED_SHAPES:
            layer = rung.layer_of(name)
            after, tolerance = rung.true(case, name)
            before = case.activations[layer]
            np.testing.assert_array_equal(after, np.where(before > 0, before, 0))
            scale = after.max() or 1.0
            assert tolerance * scale == pytest.approx(case.tolerance[layer] * np.abs(before).max())
            shares.append(tolerance / case.tolerance[layer])
    assert max(shares) > 1.1  # there are such layers among them


@pytest.mark.slow
def test_other_names_and_shapes_are_refused(answers: Expected, made_up: Splits) -> None:
    backend = fused.FusesItsReLUs()
    images = made_up[0].images[:2]
    for given, sentence in (
        ({"pool1_relu": images}, r"activations returned \['pool1_relu'\] where some of \['conv1', 'conv1_relu', "),
        ({"conv1_relu": np.zeros((2, 6, 14, 14), np.float32)}, r"conv1_relu is float32\(2, 6, 14, 14\) where"),
    ):
        backend.activations = lambda images, given=given: given  # type: ignore[method-assign, misc]
        with pytest.raises(BackendError, match=sentence):
            Guarded(backend).activations(images)
