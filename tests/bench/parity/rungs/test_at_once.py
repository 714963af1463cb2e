"""The ladder's part about several seeds at once catches every planted defect and accuses no honest program."""

from __future__ import annotations

import re

import pytest

import many
from bench.guard.backend import Guarded
from bench.parity.oracle import Expected
from bench.parity.replicas import REPLICAS
from bench.parity.rungs import RUNGS, at_once
from bench.parity.rungs.base import Climb, Kind
from bench.parity.verdict import Rung
from impls import registry
from impls.contract import Backend
from ladder import Splits

AT_ONCE = Kind("at once", "", at_once.compare, "", at_once.causes)
"""The part of the rung "trajectory" that is about this."""


def climbed(kind: Kind, backend: Backend, answers: Expected, splits: Splits) -> Rung:
    guarded = Guarded(backend)
    resident = [guarded.to_device(split) for split in (*splits, splits[1].head(answers.short_test))]
    return kind.climb(Climb(guarded, answers, *resident))


DEFECTS: list[tuple[type[many.OneByOne], str, str]] = [
    (many.LoadsInReverse, "parameters of replica 1 of 3 that loading and exporting changed", "in another order"),
    (many.LosesInReverse, "the loss of step 1 of replica 1 of 3", "this is the loss of replica 3"),
    (many.ExportsTheFirst, "parameters of replica 2 of 3 that loading", "in another order"),
    (many.ExportsWhatWasLoaded, "under the trained parameters of replica 1", "not those that train_many has come to"),
    (many.StartsAllAlike, "the loss of step 1 of replica 2", "began with the parameters of replica 1"),
    (many.OneOrderForAll, "the loss of step 1 of replica 2", "on the batch of replica 1"),
    (many.AveragesTheLoss, "the loss of step 1 of replica 1", "divided by 3, the number of replicas"),
    (many.SumsGradients, "the loss of step 2 of replica 1", "share"),
    (many.AveragesGradients, "the loss of step 2 of replica 1", "share"),
    (many.SharesMoments, r"the loss of step 2 of replica \d", "share"),
    (many.CountsAStepOfEach, r"the loss of step 2 of replica 2", "share"),
    (many.ForgetsMoments, r"the loss of step \d+ of replica 1", "that are not kept"),
    (many.KeepsTheFirstRate, "the trained parameters of replica 1", "at rate 0 moves"),
    (many.PredictsWithTheFirst, "classes that replica 2 of 3 gives", "another replica"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("defect", "where", "cause"), DEFECTS, ids=[d[0].__name__ for d in DEFECTS])
def test_a_defect_is_caught_on_the_trajectory(
    defect: type[many.OneByOne], where: str, cause: str, answers: Expected, made_up: Splits
) -> None:
    rung = climbed(AT_ONCE, many.backend_with(defect), answers, made_up)
    assert rung.status == "failed"
    assert re.search(where, rung.where), rung.where
    assert any(re.search(cause, each) for each in rung.causes), rung.causes


@pytest.mark.slow
def test_a_sound_one_is_not_accused_and_is_really_compared(answers: Expected, made_up: Splits) -> None:
    rung = climbed(RUNGS["trajectory"], many.TrainsMany(), answers, made_up)
    assert rung.status == "passed", rung.sentence
    replicas = {c.place["replica"] for c in rung.comparisons if "replica" in c.place}
    assert replicas == set(range(1, REPLICAS + 1))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pytorch:eager"])
def test_ours_agree_with_the_oracle(name: str, answers: Expected, made_up: Splits) -> None:
    [choice] = registry.choices(name)
    rung = climbed(AT_ONCE, registry.load(choice)(variant=choice.variant or "", device="cpu"), answers, made_up)
    assert rung.status == "passed", rung.sentence
