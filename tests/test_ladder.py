"""The ladder catches every planted defect at its own rung, and accuses no honest program."""

from __future__ import annotations

import re
from pathlib import Path

import fakes
import numpy as np
import pytest

from bench.parity.ladder import climb
from bench.parity.oracle import Expected, expected
from bench.parity.rungs import RUNGS
from bench.parity.verdict import Measured, Report, Rung
from impls import registry
from impls.contract import Backend
from impls.data import Split, data_root
from impls.errors import BackendError
from impls.pytorch import PyTorch

Splits = tuple[Split, Split]


def check(backend: Backend, answers: Expected, splits: Splits) -> Report:
    return climb(backend, answers, *(backend.to_device(split) for split in splits))


DEFECTS = [
    (fakes.RoundsParameters, "round trip", "conv1.weight"),
    (fakes.SwapsRedAndBlue, "data", "hash"),
    (fakes.RepeatsABatch, "data", "hash"),
    (fakes.ReturnsLogits, "forward", "log-probabilities"),
    (fakes.TransposesImages, "forward", "log-probabilities"),
    (fakes.HalfPrecisionInside, "forward", "log-probabilities"),
    (fakes.SumsTheLoss, "loss", "loss"),
    (fakes.SumsTheGradient, "gradients", "gradient of"),
    (fakes.FlattensChannelsLast, "gradients", "gradient of fc1.weight"),
    (fakes.SendsTiesToTheLast, "gradients", r"gradient of conv\d.weight \(tied maxima\)"),
    (fakes.EpsilonInsideTheRoot, "optimizer", "after step"),
    (fakes.NoBiasCorrection, "optimizer", "after step"),
    (fakes.WeightDecay, "optimizer", "after step"),
    (fakes.IgnoresTheLearningRate, "optimizer", "after step 2"),
    (fakes.TenPercentFaster, "optimizer", "after step"),
    (fakes.FreezesABias, "optimizer", "conv1.bias"),
    (fakes.KeepsTheOptimizer, "optimizer", "after step"),
    (fakes.ShufflesByItself, "trajectory", "the loss of step 1"),
    (fakes.PredictsTheRunnerUp, "prediction", "test image"),
]


@pytest.mark.parametrize(("defect", "rung", "where"), DEFECTS, ids=[d[0].__name__ for d in DEFECTS])
def test_defect_is_caught_at_its_rung(
    defect: type[Backend], rung: str, where: str, answers: Expected, made_up: Splits
) -> None:
    report = check(defect(variant="float32", device="cpu"), answers, made_up)
    assert report.first_failed_rung == rung, report.sentence
    assert report.verdict == "different"
    failed = next(r for r in report.rungs if r.status == "failed")
    assert re.search(where, failed.where), failed.where
    later = list(RUNGS)[list(RUNGS).index(rung) + 1 :]
    assert [r.status for r in report.rungs if r.name in later] == ["skipped"] * len(later)


@pytest.mark.parametrize(
    ("defect", "sentence"),
    [
        (fakes.DropsABias, "export_params returned .* where the names .* were agreed"),
        (fakes.ReturnsFloat64, r"log_probs returned float64\(.*\) where float32\(.*\) was agreed"),
    ],
)
def test_broken_contract_is_a_sentence(
    defect: type[Backend], sentence: str, answers: Expected, made_up: Splits
) -> None:
    with pytest.raises(BackendError, match=sentence):
        check(defect(variant="float32", device="cpu"), answers, made_up)


@pytest.mark.parametrize("name", ["pytorch:eager", "flax:scan", "reference:float64"])
def test_ours_agree(name: str, answers: Expected, made_up: Splits) -> None:
    [choice] = registry.choices(name)
    report = check(registry.load(choice)(variant=choice.variant or "", device="cpu"), answers, made_up)
    assert report.verdict == "equivalent", report.sentence


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_honest_programs_are_never_accused(seed: int, made_up: Splits) -> None:
    fresh = expected(*made_up, seed=seed, batch_size=100, lr=1e-3, cache=None)
    for backend in (fakes.Sound, fakes.Float64Inside, fakes.SumsBackwards, PyTorch):
        report = check(backend(device="cpu"), fresh, made_up)
        assert report.verdict == "equivalent", f"{backend.__name__}: {report.sentence}"


def test_cifar10_first_steps_agree_with_the_oracle(cifar10: Splits) -> None:
    """The real data, forward and backward, for both frameworks."""
    fresh = expected(*cifar10, seed=0, batch_size=100, lr=1e-4, cache=data_root() / "oracle")
    for name in ("pytorch:eager", "flax:jit"):
        [choice] = registry.choices(name)
        report = check(registry.load(choice)(variant=choice.variant or "", device="cpu"), fresh, cifar10)
        assert report.verdict == "equivalent", f"{name}: {report.sentence}"


def test_nan_is_never_within_tolerance() -> None:
    assert Measured(float("nan"), 1.0, "x").ratio == float("inf")
    assert Rung.of("forward", [Measured(0.0, 1.0, "a"), Measured(float("nan"), 1.0, "b")]).status == "failed"


def test_oracle_is_kept_and_found_again(made_up: Splits, tmp_path: Path) -> None:
    first = expected(*made_up, seed=5, batch_size=100, lr=1e-3, cache=tmp_path)
    assert len(list(tmp_path.glob("oracle-*.pickle"))) == 1
    again = expected(*made_up, seed=5, batch_size=100, lr=1e-3, cache=tmp_path)
    np.testing.assert_array_equal(first.trajectory, again.trajectory)
    expected(*made_up, seed=5, batch_size=100, lr=1e-4, cache=tmp_path)
    assert len(list(tmp_path.glob("oracle-*.pickle"))) == 2
