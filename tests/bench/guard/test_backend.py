"""A backend that breaks the contract ends in a sentence, and one that overwrites what it is given does no harm."""

from __future__ import annotations

import pytest

import fakes
from bench.parity.ladder import check
from bench.parity.oracle import Expected
from impls.contract import Backend
from impls.errors import BackendError
from ladder import Splits

CONTRACT = [
    (fakes.LeavesOutABias, "export_params returned .* where the names .* were agreed"),
    (fakes.ReturnsFloat64, r"log_probs' result is float64\(.*\) where float32\(.*\) in NumPy was agreed"),
    (fakes.ReturnsAList, r"'contract', predict returned a list where integers \(57,\) in NumPy were agreed"),
    (fakes.ReturnsAnArrayAsLoss, r"loss_and_grads returned float64\(\) as the loss where a float was agreed"),
    (fakes.ReturnsGradientsAlone, "loss_and_grads returned a dict where a pair was agreed"),
    (fakes.GivesATupleAsOptimizer, "export_optimizer returned a tuple where impls.contract.AdamState was agreed"),
    (fakes.ReturnsNaN, "log_probs holds NaN or infinity"),
    (fakes.TrainsToNaN, "'trajectory', train_epoch returned a loss of nan at step 3 of"),
    (fakes.LosesALoss, r"train_epoch's result is float32\(\d+,\) where float32\(\d+,\) in NumPy was agreed"),
    (fakes.NamesAnUnknownLayer, "activations returned .'conv3'. where some of .* were agreed"),
    (fakes.PredictsAnEleventhClass, r"predict returned classes from \d+ to 1\d; they are 0 to 9"),
    (fakes.RaisesInALayer, "log_probs raised ValueError: shapes"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("broken", "sentence"), CONTRACT, ids=[c[0].__name__ for c in CONTRACT])
def test_broken_contract_is_a_sentence(
    broken: type[Backend], sentence: str, answers: Expected, made_up: Splits
) -> None:
    with pytest.raises(BackendError, match=sentence):
        check(broken(variant="float32", device="cpu"), answers, *made_up)


@pytest.mark.slow
def test_what_is_given_out_may_be_overwritten(answers: Expected, made_up: Splits) -> None:
    report = check(fakes.OverwritesWhatItIsGiven(), answers, *made_up)
    assert report.verdict == "equivalent", report.sentence
