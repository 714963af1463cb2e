"""The ladder accepts bf16 where it was asked for, and refuses what must be float32."""

from __future__ import annotations

import re

import pytest

import defects
import newcomers
from bench.guard.backend import Guarded
from bench.parity.ladder import check
from bench.parity.oracle import Expected, expected
from bench.parity.rungs import RUNGS
from bench.parity.rungs.base import Climb
from impls.contract import Backend
from impls.data import Split
from our_backends import make

Splits = tuple[Split, Split]


@pytest.fixture(scope="module")
def bf16(made_up: Splits) -> Expected:
    return expected(*made_up, seed=0, batch_size=100, lr=1e-3, cache=None, precision="bf16")


@pytest.mark.slow
def test_pytorch_in_bf16_is_not_accused(bf16: Expected, made_up: Splits) -> None:
    report = check(make("pytorch:eager", "bf16"), bf16, *made_up)
    assert report.verdict == "equivalent", report.sentence


@pytest.mark.slow
def test_flax_in_bf16_is_not_accused(bf16: Expected, made_up: Splits) -> None:
    """Up to the gradients; the rungs above take a minute to compile for, and differ in no precision."""
    backend = Guarded(make("flax:jit", "bf16"))
    resident = [backend.to_device(split) for split in (*made_up, made_up[1].head(bf16.short_test))]
    state = Climb(backend, bf16, *resident)
    for name in ("round trip", "forward", "loss", "gradients"):
        rung = RUNGS[name].climb(state)
        assert rung.status == "passed", rung.sentence


@pytest.mark.slow
def test_bf16_under_the_name_of_fp32_is_refused(answers: Expected, made_up: Splits) -> None:
    report = check(make("pytorch:eager", "bf16"), answers, *made_up)
    assert report.first_failed_rung == "forward"
    assert "every value is a bfloat16 number" in str(report.rungs[list(RUNGS).index("forward")].causes)


DEFECTS: list[tuple[type[Backend], str, str, str]] = [
    (defects.KeepsParametersInBFloat16, "round trip", "elements of conv1.weight", "cast to fewer bits"),
    (defects.LogSoftmaxInBFloat16, "forward", "log-probabilities .* float32's bits", "log-softmax .* in bfloat16"),
    (defects.LossInBFloat16, "loss", "losses without float32's bits", "loss is computed in bfloat16"),
    (defects.StepsInBFloat16, "optimizer", "after", "a step leaves parameters in bfloat16"),
    (defects.ComputesInFloat32, "forward", "log-probabilities .* as exact as float32's", "float32 and not bf16"),
    (newcomers.SumsABiasInBFloat16, "gradients", r"fc3.bias \(second batch\)", "sum over the batch .* in bfloat16"),
    *(
        (
            defect,
            "trajectory",
            "losses of a whole epoch .* as exact as float32's",
            "training computes in float32 and not in bf16",
        )
        for defect in (defects.TrainsInFloat32, defects.TrainsWholeEpochsInFloat32)
    ),
    (defects.TrainsOnALossInBFloat16, "trajectory", "losses of a whole epoch", "in bfloat16 in training alone"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("defect", "rung", "where", "cause"), DEFECTS, ids=[d[0].__name__ for d in DEFECTS])
def test_what_must_be_float32_in_bf16_too_and_what_must_not(
    defect: type[Backend], rung: str, where: str, cause: str, bf16: Expected, made_up: Splits
) -> None:
    report = check(defect(variant="float32", device="cpu", precision="bf16"), bf16, *made_up)
    assert report.first_failed_rung == rung, report.sentence
    failed = report.rungs[list(RUNGS).index(rung)]
    assert re.search(where, failed.where), failed.where
    assert failed.causes, failed.advice
    assert re.search(cause, failed.causes[0]), failed.causes
