"""The ladder catches every planted defect at its own rung, and accuses no honest program."""

from __future__ import annotations

import re

import pytest

import careless
import defects
import fakes
import newcomers
import sound
from bench.parity.ladder import check
from bench.parity.oracle import Expected, expected
from impls import registry
from impls.contract import Backend
from impls.data import data_root
from impls.pytorch.eager import PyTorch
from ladder import RUNGS, Splits

# Each defect with its rung, the place that the message must name, and the cause that it must suspect.
DEFECTS: list[tuple[type[Backend], str, str, str]] = [
    (defects.RoundsParameters, "round trip", r"elements of conv1.weight at \[\d", "cast to fewer bits"),
    (defects.SwapsRedAndBlue, "data", "batch 1 of the epoch", "red and blue are swapped"),
    (defects.DividesBy256, "data", "batch 1 of the epoch", "divided by 256"),
    (defects.Normalises, "data", "batch 1 of the epoch", "4 times what they should be, plus -2"),
    (defects.StoresHalfPrecision, "data", "batch 1 of the epoch", "fewer bits"),
    (defects.RepeatsABatch, "data", "batch 2 of the epoch", "this is batch 1"),
    (defects.ReturnsLogits, "forward", r"log-probabilities \(first batch\)", "raw logits"),
    (defects.TransposesImages, "forward", r"log-probabilities \(first batch\)", "rows and columns are swapped"),
    (defects.PadsSame, "forward", r"output of conv1 \(first batch\)", "SAME padding"),
    (defects.FlipsKernels, "forward", "output of conv1", "flipped"),
    (defects.MissesAReLU, "forward", "output of fc2", "ReLU after fc1 is missing"),
    (defects.AveragePools, "forward", "output of pool1", "averages"),
    (defects.FlattensChannelsLast, "forward", "output of fc1", "flatten order is channels last"),
    (defects.GivesActivationsAfterReLU, "forward", "output of conv1", "after its ReLU"),
    (defects.GivesActivationsOfAnotherImage, "forward", "output of conv1", "what activations gives out"),
    (defects.NaiveLogSoftmax, "forward", "extreme logits", "overflows"),
    (defects.HalfPrecisionInside, "forward", "log-probabilities", "fewer bits inside"),
    (defects.UsesTF32, "forward", "output of conv1", "TF32"),
    (defects.UsesBFloat16, "forward", "output of conv1", "bfloat16"),
    (defects.KeepsDropoutAtEvaluation, "forward", "log-probabilities", "dropout is active"),
    (defects.CapsActivationsAt6, "forward", r"\(large activations\)", "capped at 6"),
    (defects.SumsTheLoss, "loss", r"loss \(first batch\)", "summed over the batch"),
    (defects.DividesByTheUsualBatch, "loss", r"loss \(short batch\)", "divided by 100 whatever"),
    (defects.SmoothsLabels, "loss", r"loss \(first batch\)", "smoothed by 0.1"),
    (defects.SumsTheGradient, "gradients", "gradient of fc3.weight", "100 times too large"),
    (defects.ExportsGradientsChannelsLast, "gradients", "gradient of fc1.weight", "flattened channels last"),
    (defects.AddsUpGradients, "gradients", "gradient of fc3.weight", "added up"),
    (defects.DetachesABias, "gradients", "gradient of conv2.bias", "no gradient reaches conv2.bias"),
    (defects.SendsTiesToTheLast, "gradients", r"conv2.weight \(tied maxima\)", "to the last"),
    (defects.SplitsTies, "gradients", r"conv2.weight \(tied maxima\)", "share"),
    (defects.HalvesTheGradientAtZero, "gradients", r"\(zero pre-activations\)", "derivative of ReLU at 0"),
    (defects.EpsilonInsideTheRoot, "optimizer", "after step 1", "inside the square root"),
    (defects.EpsilonOfKeras, "optimizer", "after step 1", "ε is 1e-07"),
    (defects.NoBiasCorrection, "optimizer", "after step 1", "bias correction is missing"),
    (defects.WrongBeta, "optimizer", "after step 2", r"β is \(0.9, 0.99\)"),
    (defects.WeightDecay, "optimizer", "after step 1", "decoupled weight decay of 0.01"),
    (defects.DecaysALittle, "optimizer", "after a step at rate 1", "decoupled weight decay of 0.0001"),
    (defects.ClipsGradients, "optimizer", "after a step after a larger gradient", "clipped to a norm of 1"),
    (defects.IgnoresTheLearningRate, "optimizer", "after step 2", "rate of the first epoch is kept"),
    (defects.KeepsTheFirstEpochsRate, "optimizer", "after step 2", "the rate of the first epoch, 0, is kept"),
    (defects.TenPercentFaster, "optimizer", "after step 1", "1.1 times the length"),
    (defects.FreezesABias, "optimizer", "conv1.bias", "conv1.bias did not move"),
    (defects.KeepsTheOptimizer, "optimizer", "after", "does not reset moments and step count"),
    (defects.ForgetsTheMoments, "optimizer", "after step 2", "forgotten between epochs"),
    (defects.LosesTheStepCount, "optimizer", "after step 2, from a state put back", "not all that Adam remembers"),
    (defects.LosesTheFirstMoment, "optimizer", "after step 2, from a state put back", "not all that Adam remembers"),
    (defects.TakesNoOptimizer, "optimizer", "after step 2, from a state put back", "not all that Adam remembers"),
    (defects.ExportsStaleParameters, "optimizer", "after step 1", "export_params returns stale"),
    (defects.ExportsItsOwnMemory, "optimizer", "exported before step 1", "not a copy"),
    (defects.DropsTheLastBatch, "optimizer", "after step 1", "last row is left out"),
    (careless.RateInFloat16, "optimizer", "after step 1", "rate is rounded to float16"),
    (careless.NewOptimizerForANewRate, "optimizer", "after step 2", "forgotten between epochs"),
    (careless.ProbabilitiesClippedInTraining, "optimizer", "after a larger gradient", "large loss is skipped"),
    (careless.StepSkippedOnOverflow, "optimizer", "after a larger gradient", "large gradient"),
    (careless.DecayOfOptaxAdamW, "optimizer", "after a step at rate 1", "decoupled weight decay of 0.0001"),
    (defects.IndicesInInt8, "optimizer", "after step 1", "narrowed to int8"),
    (defects.SplitsTiesInTraining, "optimizer", "tied maxima, in training", "train_epoch is not: tied maxima share"),
    (defects.AMSGradOfOptax, "optimizer", "after step 2", "as Optax has it"),
    (defects.AdamOfKeras, "optimizer", "after step 1", "as Keras' Adam has it"),
    (defects.AMSGradOfPyTorch, "memory", "after step 301", "as PyTorch has it"),
    (defects.CountsIn8Bits, "memory", "after step 301", "stops at 255, as in 8 bits"),
    (defects.CountsIn16Bits, "memory", "after step 70,001", "begins anew after 65,536"),
    (defects.EndsItsCorrection, "memory", "after step 301", "bias corrections have ended by then"),
    (defects.RenewsItsState, "memory", "after step 301", "state is made anew on the way"),
    (defects.MomentsInBFloat16, "memory", "after step 301", "moments are kept in bfloat16"),
    (defects.ForgetsThatItTookACount, "memory", "after step 2,501", "does not take in the count"),
    (defects.SkipsAnEpochAtRateZero, "memory", "after step 301", "steps at rate 0 do not reach it"),
    (defects.ShufflesByItself, "trajectory", "the loss of step 1", "order given is not followed"),
    (defects.TrainsOnABatchTwice, "trajectory", "the loss of step 3 of a whole epoch", "the loss of batch 2"),
    (defects.WrapsItsStepCounter, "trajectory", "the loss of step 5 of a whole epoch", "the loss of batch 1"),
    (defects.SpoilsEverySecondRun, "trajectory", "of training once more", "a race"),
    (defects.ForgetsTheMomentsWithinAnEpoch, "trajectory", r"the loss of step \d", "made anew before step 4"),
    (
        defects.TrainsOnEverySecondBatch,
        "trajectory",
        "the loss of step 2 of a whole epoch at rate 1e-20",
        "batches are repeated.*training takes another path",
    ),
    (
        defects.ReplaysTheLastBatchOfThisSize,
        "sequence",
        "the loss of step 7",
        "last batch of its size once more",
    ),
    (defects.NewOptimizerForANewSize, "optimizer", "after a larger gradient", "forgotten between epochs"),
    (defects.EvaluationSpoilsTheMoments, "sequence", "of a sequence", "predict on the test split changes"),
    (careless.ParametersHalvedByEvaluation, "sequence", "of a sequence", "predict on a part of the test split changes"),
    (careless.MicrobatchesWeighedEqually, "sequence", "of a sequence", "237 images are wrong after a reload too"),
    (careless.PredictionsKeptByStep, "prediction", "its first", "the parameters loaded before"),
    (defects.PredictsTheRunnerUp, "prediction", "classes of the test split", "hardly any class"),
    (defects.PredictsTheTrainingSplit, "prediction", "classes of the test split", "training split"),
    (defects.PredictsWithNoise, "prediction", "classes of the test split", "noise"),
    (defects.PredictsWithLoadedParameters, "prediction", "the test split after a step", "parameters of its own"),
    (defects.ForgetsTheLastImages, "prediction", "classes of its first", "shorter batch"),
]

NEWCOMERS: list[tuple[type[Backend], str, str, str]] = [
    (newcomers.ClipsItsLogSoftmax, "forward", "extreme logits", "log-probabilities end at -64: .* clipped"),
    (newcomers.ClipsItsProbabilities, "forward", "extreme logits", "-16.118, the logarithm of 1e-07: .* clipped"),
    (newcomers.TakesLogitsForProbabilities, "loss", r"loss \(first batch\)", "logits are taken for probabilities"),
    (newcomers.TakesLogitsForLogProbabilities, "loss", r"loss \(first batch\)", "the loss has no log-softmax"),
    (newcomers.TakesTheSoftmaxTwice, "loss", r"loss \(first batch\)", "the softmax is taken twice"),
    (newcomers.ReshapesForATranspose, "loss", r"loss \(first batch\)", "loss_and_grads sees .* reshaped"),
    (newcomers.AdamOfMLX, "optimizer", "after step 1", "the bias correction is missing"),
    (newcomers.KeepsTheStepCountAlone, "optimizer", "after", "does not reset the step count: .* number"),
    (newcomers.KeepsTheMomentsAlone, "optimizer", "after", "does not reset the moments; the step count it does"),
    (newcomers.NeverClearsGradients, "optimizer", "after a short step", "never cleared: not in load_params"),
    (newcomers.ClearsGradientsWhenLoading, "optimizer", "after step 2", "added up from call to call: clear them"),
    (newcomers.HoldsTheTensorsOfItsFirstLoad, "optimizer", "after step 1", "holds the tensors .* earlier load_params"),
    (newcomers.OptimizerHoldsTheFirstModel, "optimizer", "after step 1", "holds the tensors of the constructor"),
    (newcomers.ClearsGradientsOnceACall, "trajectory", "step 3 of training", "added up over the steps of a call"),
    (newcomers.LossesAreRunningMeans, "trajectory", "step 2 of a whole epoch", "running means"),
    (newcomers.LossesAreSmoothed, "trajectory", "step 2 of a whole epoch", "exponential means, 0.9 of the last"),
    (newcomers.LossesAreReadAfterTheUpdate, "trajectory", "step 1 of training", "read after the update"),
    (
        newcomers.EveryLossIsTheLastSteps,
        "trajectory",
        "step 1 of a whole epoch",
        "reports the last step's loss: .* copy",
    ),
    (newcomers.LossesAreOneStepLate, "trajectory", "step 2 of a whole epoch", "reports the loss of the step before"),
]

ONLY = {
    defects.SendsTiesToTheLast: "tied maxima",
    defects.SplitsTies: "tied maxima",
    defects.SplitsTiesInTraining: "tied maxima",
    defects.HalvesTheGradientAtZero: "ReLUs of exactly 0",
}
"""Defects that hardly matter, and what they differ on."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("defect", "rung", "where", "cause"), DEFECTS + NEWCOMERS, ids=[d[0].__name__ for d in DEFECTS + NEWCOMERS]
)
def test_defect_is_caught_at_its_rung_and_named(
    defect: type[Backend], rung: str, where: str, cause: str, answers: Expected, made_up: Splits
) -> None:
    report = check(defect(variant="float32", device="cpu"), answers, *made_up)
    assert report.first_failed_rung == rung, report.sentence
    assert report.verdict == "different"
    failed = report.first_failed
    assert failed
    assert re.search(where, failed.where), failed.where
    assert failed.causes, failed.advice
    assert re.search(cause, failed.causes[0]), failed.causes
    assert re.search(where, report.sentence)
    assert failed.only == ONLY.get(defect, "")
    later = [each.status for each in report.rungs[RUNGS.index(rung) + 1 :]]
    assert later == ["passed" if failed.only else "skipped"] * len(later)


@pytest.mark.slow
def test_a_difference_that_hardly_matters_says_so_and_what_to_write(answers: Expected, made_up: Splits) -> None:
    report = check(defects.SplitsTies(), answers, *made_up)
    assert report.sentence.startswith("different, but only on tied maxima: on the rung 'gradients', gradient of conv2")
    assert report.sentence.endswith("Every other comparison of this rung, and every later rung, agrees")
    [gradients] = [rung for rung in report.rungs if rung.only]
    assert "where(a >= b, a, b)" in gradients.advice[0]


class _SplitsTiesAndForgets(defects.SplitsTies, defects.ForgetsTheMoments):
    pass


@pytest.mark.slow
def test_a_difference_that_matters_comes_before_one_that_hardly_does(answers: Expected, made_up: Splits) -> None:
    report = check(_SplitsTiesAndForgets(), answers, *made_up)
    assert report.first_failed_rung == "optimizer"
    assert report.sentence.endswith("; differs on tied maxima too, on the rung 'gradients'")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pytorch:eager", pytest.param("flax:scan", marks=pytest.mark.thorough)])
def test_ours_agree(name: str, answers: Expected, made_up: Splits) -> None:
    [choice] = registry.choices(name)
    report = check(registry.load(choice)(variant=choice.variant or "", device="cpu"), answers, *made_up)
    assert report.verdict == "equivalent", report.sentence


HONEST = [
    fakes.Sound,
    sound.Float64Inside,
    sound.SumsBackwards,
    sound.SumsOneByOne,
    sound.CountsByProducts,
    sound.FoldsItsCorrections,
    sound.MomentsInFloat64,
    sound.FlushesSubnormals,
    sound.OrdersItsBatches,
    PyTorch,
    sound.FusedAdam,
    sound.ChannelsLast,
    sound.WithoutOneDNN,
]


@pytest.mark.slow
def test_honest_programs_are_never_accused(honest_seed: int, made_up: Splits) -> None:
    fresh = expected(*made_up, seed=honest_seed, batch_size=100, lr=1e-3, cache=None)
    for backend in HONEST:
        report = check(backend(device="cpu"), fresh, *made_up)
        assert report.verdict == "equivalent", f"{backend.__name__}: {report.sentence}"


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["tf32", "bf16"])
def test_other_precisions_have_tolerances_of_their_own(precision: str, made_up: Splits) -> None:
    answers = expected(*made_up, seed=0, batch_size=100, lr=1e-3, cache=None, precision=precision)
    honest: list[Backend] = [sound.SumsBackwards(precision=precision)]
    honest.append(sound.TruncatesInTraining(precision=precision))
    honest += [sound.AutocastBFloat16(device="cpu")] if precision == "bf16" else []
    for backend in honest:
        report = check(backend, answers, *made_up)
        assert report.verdict == "equivalent", report.sentence
    for defect, rung in (
        (defects.MissesAReLU, "forward"),
        (defects.SumsTheGradient, "gradients"),
        (defects.ForgetsTheMoments, "optimizer"),
    ):
        report = check(defect(precision=precision), answers, *made_up)
        assert report.first_failed_rung == rung, f"{defect.__name__}: {report.sentence}"
    report = check(defects.ComputesInFloat32(precision=precision), answers, *made_up)
    assert report.first_failed
    assert report.first_failed.causes == [f"this is float32 and not {precision}: no product rounds its operands"]
    if precision == "tf32":
        assert check(defects.UsesBFloat16(), answers, *made_up).first_failed_rung == "forward"


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.network
def test_cifar10_first_steps_agree_with_the_oracle(cifar10: Splits) -> None:
    """The real data, for both frameworks; a part of it, whose answers take seconds and not a minute."""
    some = cifar10[0].head(3000), cifar10[1].head(1000)
    fresh = expected(*some, seed=0, batch_size=100, lr=1e-4, cache=data_root() / "oracle")
    for name in ("pytorch:eager", "flax:jit"):
        [choice] = registry.choices(name)
        report = check(registry.load(choice)(variant=choice.variant or "", device="cpu"), fresh, *some)
        assert report.verdict == "equivalent", f"{name}: {report.sentence}"
