"""Several seeds trained at once: each as if it were alone, on the ladder and in runs of accuracy."""

from __future__ import annotations

import json
import os
import re
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import many
import numpy as np
import psutil
import pytest
from conftest import ROOT
from rich.console import Console
from test_accuracy import made

from bench import accuracy, series, stored_runs
from bench.accuracy import PairedAccuracy, paired_accuracy
from bench.guarded import Guarded
from bench.guarded_many import GuardedMany
from bench.job import Job, Progress
from bench.lockstep import in_lockstep
from bench.measure.machine import available_cores, device_name
from bench.measure.process import WorkerError
from bench.measure.subject import Cores, Subject
from bench.parity.oracle import Expected
from bench.parity.replicas import REPLICAS
from bench.parity.rungs import RUNGS, at_once
from bench.parity.rungs.kind import Climb, Kind
from bench.parity.verdict import Rung
from bench.report.progress import SeriesView
from bench.settings import Settings
from bench.training import experiment
from bench.training_run import TrainingRun
from impls import registry
from impls.contract import Backend
from impls.data import Split
from impls.errors import BackendError, LenetError
from impls.initial import initial_params
from impls.order import epoch_order
from impls.recipe import LECTURE
from impls.synthetic import synthetic_split

Splits = tuple[Split, Split]

# --- the ladder -----------------------------------------------------------------------------------------------


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
    (many.AveragesTheLoss, "the loss of step 1 of replica 1", "what is its mean taken over"),
    (many.SumsGradients, "the loss of step 2 of replica 1", "share"),
    (many.AveragesGradients, "the loss of step 2 of replica 1", "share"),
    (many.SharesMoments, r"the loss of step 2 of replica \d", "share"),
    (many.CountsAStepOfEach, r"the loss of step 2 of replica 2", "share"),
    (many.ForgetsMoments, r"the loss of step \d+ of replica 1", "that are not kept"),
    (many.KeepsTheFirstRate, "the trained parameters of replica 1", "at rate 0 moves"),
    (many.PredictsWithTheFirst, "classes that replica 2 of 3 gives", "another replica"),
]


@pytest.mark.parametrize(("defect", "where", "cause"), DEFECTS, ids=[d[0].__name__ for d in DEFECTS])
def test_a_defect_is_caught_on_the_trajectory(
    defect: type[many.OneByOne], where: str, cause: str, answers: Expected, made_up: Splits
) -> None:
    rung = climbed(AT_ONCE, many.backend_with(defect), answers, made_up)
    assert rung.status == "failed"
    assert re.search(where, rung.where), rung.where
    assert any(re.search(cause, each) for each in rung.causes), rung.causes


def test_a_sound_one_is_not_accused_and_is_really_compared(answers: Expected, made_up: Splits) -> None:
    rung = climbed(RUNGS["trajectory"], many.TrainsMany(), answers, made_up)
    assert rung.status == "passed", rung.sentence
    replicas = {c.place["replica"] for c in rung.comparisons if "replica" in c.place}
    assert replicas == set(range(1, REPLICAS + 1))


def test_a_broken_contract_is_a_sentence(made_up: Splits) -> None:
    guarded = GuardedMany(many.backend_with(many.TransposesLosses).many(), lambda method: None)  # type: ignore[arg-type]
    guarded.load_many([initial_params(0), initial_params(1)])
    with pytest.raises(BackendError, match=r"train_many's result is float32\(3, 2\) where float32\(2, 3\)"):
        guarded.train_many(made_up[0], np.zeros((2, 3, 4), np.int64), 1e-3)
    with pytest.raises(BackendError, match=r"predict_many returned a list where integers \(2, 200\)"):
        guarded.predict_many(made_up[1], 200)


# --- ours -----------------------------------------------------------------------------------------------------


SEEDS = (0, 1, 2)


# PyTorch with shorter batches as well, in training and in evaluation; JAX would compile everything twice.
@pytest.mark.parametrize(("name", "tested", "batch"), [("pytorch:eager", 50, 30), ("flax:jit", 30, 40)])
def test_several_seeds_at_once_are_each_as_if_it_were_alone(name: str, tested: int, batch: int) -> None:
    """Over two epochs, the second at another rate; float32 noise apart."""
    train, test = synthetic_split("train", 120), synthetic_split("test", tested)
    epochs = [(epoch_order(0, 0, 120, 40), 1e-3), (epoch_order(0, 1, 120, batch)[:3], 5e-4)]
    orders = [np.stack([(order + 7 * seed) % 120 for seed in SEEDS]) for order, _ in epochs]
    [choice] = registry.choices(name)
    backend = registry.load(choice)(variant=choice.variant or "", device="cpu")
    backend.evaluation_batch = 30  # type: ignore[attr-defined]
    data, test_data = backend.to_device(train), backend.to_device(test)
    starts = [initial_params(seed) for seed in SEEDS]
    backend.load_params(starts[2])

    many = backend.many()
    assert many is not None
    many.load_many(starts)
    for exported, start in zip(many.export_many(), starts, strict=True):
        assert all((exported[key] == start[key]).all() for key in start)
    losses = [many.train_many(data, order, lr) for order, (_, lr) in zip(orders, epochs, strict=True)]
    trained, classes = many.export_many(), many.predict_many(test_data)
    # The backend's own model is as it was.
    assert all((value == starts[2][key]).all() for key, value in backend.export_params().items())

    for seed in SEEDS:
        backend.load_params(starts[seed])
        for order, found, (_, lr) in zip(orders, losses, epochs, strict=True):
            assert found.dtype == np.float32
            np.testing.assert_allclose(found[seed], backend.train_epoch(data, order[seed], lr), rtol=2e-5)
        assert (classes[seed] == backend.predict(test_data)).mean() > 0.9
        # Adam makes a whole step of a gradient that is nothing but rounding, so single parameters may differ.
        ours = backend.export_params()
        assert np.mean(np.concatenate([np.abs(trained[seed][key] - ours[key]).ravel() for key in ours])) < 1e-6

    many.load_many(starts)  # and no moments are left
    np.testing.assert_allclose(many.train_many(data, orders[0], 1e-3), losses[0], rtol=2e-5)


def test_who_runs_another_way_does_not_offer_it() -> None:
    for name in ("pytorch:lecture", "reference:float32"):
        [choice] = registry.choices(name)
        assert registry.load(choice)(variant=choice.variant or "", device="cpu").many() is None


@pytest.mark.parametrize("name", ["pytorch:eager"])
def test_ours_agree_with_the_oracle(name: str, answers: Expected, made_up: Splits) -> None:
    [choice] = registry.choices(name)
    rung = climbed(AT_ONCE, registry.load(choice)(variant=choice.variant or "", device="cpu"), answers, made_up)
    assert rung.status == "passed", rung.sentence


# --- runs of accuracy -------------------------------------------------------------------------------------------

RECIPE = replace(LECTURE.shortened(2), name="brisk", batch_size=50, learning_rate=1e-3)
MANY = "many:TrainsMany:float32"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Of made-up data and two cores, with the tests' fakes importable and one of them as the baseline."""
    if available_cores() < 2:
        pytest.skip("needs two cores")
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests"))
    monkeypatch.setattr(accuracy, "BASELINE", MANY)
    return Settings([], "cpu", "fp32", 2, True, 7, 60.0, tmp_path / "results", "abacus", synthetic=200)


def outcomes(found: PairedAccuracy) -> list[tuple[str, int, list[float]]]:
    return [(one.title, seed, run.accuracy_per_epoch) for one in found.all_series() for seed, run in one.runs.items()]


def test_runs_side_by_side_are_those_of_one_after_the_other(settings: Settings) -> None:
    alone = paired_accuracy([], replace(settings, machine="alone", threads=1), RECIPE, 2)
    events: list[Progress] = []
    found = paired_accuracy([], settings, RECIPE, 2, at_once=2, on_progress=events.append)
    runs = [run for one in found.all_series() for run in one.runs.values()]
    assert [(run.threads, run.concurrent, run.device_name) for run in runs] == [(1, 2, device_name("cpu", 2))] * 4
    assert {(run.threads, run.concurrent) for one in alone.all_series() for run in one.runs.values()} == {(1, 1)}
    for (title, seed, ours), (its_title, its_seed, its) in zip(outcomes(found), outcomes(alone), strict=True):
        assert (title, seed) == (its_title, its_seed)
        assert ours == pytest.approx(its, abs=0.03)  # of 100 images, a near-tie or two
    assert len(stored_runs.read_all(settings.results)) == 8
    begun = [event.run for event in events if event.epoch == 0]
    assert begun == [1, 2, 3, 4]
    assert [event.epoch for event in events if event.run == 3] == [0, 1, 2]
    # Both are answers to one question, so neither is trained again.
    again: list[Progress] = []
    assert paired_accuracy([], settings, RECIPE, 2, on_progress=again.append) == found
    assert all(event.stored for event in again)


def test_workers_side_by_side_have_cores_of_their_own(settings: Settings) -> None:
    cores = [Subject(choice, settings, RECIPE, Cores(k, 1)) for k, choice in enumerate(2 * registry.choices(MANY))]
    try:
        bound = [os.sched_getaffinity(subject.worker._process.pid) for subject in cores]
    finally:
        for subject in cores:
            subject.close()
    ours = sorted(os.sched_getaffinity(0))
    assert bound == [{ours[0]}, {ours[1]}]


def test_a_killed_worker_loses_its_run_alone(settings: Settings) -> None:
    killed = registry.choices("fakes:RunsOutOfMemory:float32")  # in its third whole epoch
    recipe = replace(RECIPE, name="three", epochs=3, batch_size=100)
    events: list[Progress] = []
    with pytest.raises(WorkerError, match=r"SIGKILL .*Missing: fakes:RunsOutOfMemory:float32 from seed 0, .* seed 1;"):
        paired_accuracy(killed, settings, recipe, 2, at_once=2, on_progress=events.append)
    stored = {(run.title, run.seed) for _, run in stored_runs.read_all(settings.results)}
    assert stored == {(title, seed) for title in (MANY, f"{MANY} twin") for seed in (0, 1)}
    assert sum("SIGKILL" in event.lost for event in events) == 2


def test_an_interruption_ends_every_worker(settings: Settings) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.epoch == 1:
            everything = psutil.Process().children(recursive=True)
            workers.extend(process for process in everything if "bench.measure.worker" in process.cmdline())
            raise KeyboardInterrupt

    workers: list[psutil.Process] = []
    with pytest.raises(KeyboardInterrupt):
        paired_accuracy([], settings, replace(RECIPE, name="long", epochs=500), 2, at_once=2, on_progress=interrupt)
    assert len(workers) == 2
    _, alive = psutil.wait_procs(workers, timeout=5)
    assert alive == []
    assert [thread for thread in threading.enumerate() if "(work)" in thread.name] == []


def test_in_lockstep_in_one_worker(settings: Settings) -> None:
    settings = replace(settings, threads=1)
    alone = paired_accuracy([], settings, RECIPE, 2)
    [choice] = registry.choices(MANY)
    with Subject(choice, settings, RECIPE) as subject:
        planned = experiment(subject)
        assert subject.info["many"]
    jobs = [
        Job(choice, replace(planned, seed=seed), True, Progress(MANY, seed, seed + 1, 2, 0, RECIPE.epochs), "")
        for seed in (0, 1)
    ]
    events: list[Progress] = []
    found = [run for _, run in in_lockstep(jobs, settings, RECIPE, events.append)]
    for seed, run in enumerate(found):
        assert isinstance(run, TrainingRun)
        its = alone.baseline.runs[seed]
        assert (run.seed, run.concurrent, run.threads) == (seed, 2, 1)
        assert run.accuracy_per_epoch == its.accuracy_per_epoch
        assert run.losses == pytest.approx(its.losses, rel=1e-6)
        assert run.first_epoch_losses == pytest.approx(its.first_epoch_losses, rel=1e-6)
        assert stored_runs.changes(planned, replace(run, seed=planned.seed)) == []
    assert [(event.run, event.epoch) for event in events] == [(1, 0), (2, 0), (1, 1), (2, 1), (1, 2), (2, 2)]


def test_on_an_accelerator_the_seeds_of_a_variant_go_together(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups: list[tuple[str, list[tuple[str, int]]]] = []

    def recorded(how: str) -> Any:
        def train(jobs: list[Job], *args: Any) -> Any:
            groups.append((how, [(job.wanted.backend, job.wanted.seed) for job in jobs]))
            yield from ()

        return train

    monkeypatch.setattr(series, "in_lockstep", recorded("lockstep"))
    monkeypatch.setattr(series, "one_by_one", recorded("one by one"))
    wanted = made()
    jobs = [
        Job(registry.choices(MANY)[0], replace(wanted, backend=backend, seed=seed), backend == "a", AT, "")
        for seed in range(5)
        for backend in "ab"
    ]
    list(series.train_all(jobs, replace(settings, device="cuda"), RECIPE, 3, lambda progress: None))
    assert groups == [
        ("lockstep", [("a", 0), ("a", 1), ("a", 2)]),
        ("one by one", [("b", 0), ("b", 1), ("b", 2)]),
        ("lockstep", [("a", 3), ("a", 4)]),
        ("one by one", [("b", 3), ("b", 4)]),
    ]


AT = Progress("x", 0, 1, 2, 0, 2)


def test_how_many_at_once(settings: Settings) -> None:
    assert series.how_many_at_once(None, settings) == 2
    assert series.how_many_at_once(1, settings) == 1
    with pytest.raises(LenetError, match="--jobs 3 is more than the 2 cores"):
        series.how_many_at_once(3, settings)
    assert series.how_many_at_once(None, replace(settings, device="cuda")) == series.ON_AN_ACCELERATOR


def test_a_run_of_the_first_schema_is_read(settings: Settings) -> None:
    path = stored_runs.save(settings, made())
    old = {key: value for key, value in made().as_dict().items() if key != "concurrent"} | {"schema": 1}
    path.write_text(json.dumps(old))
    assert stored_runs.read(path) == made()
    assert stored_runs.find(settings, replace(made(), threads=1, concurrent=2)) == (made(), "")
    committed = stored_runs.read_all(ROOT / "results")
    assert len(committed) == len(list((ROOT / "results").glob("*/runs/**/seed-*.json")))


def test_what_is_shown_of_several_runs_under_way() -> None:
    console = Console(record=True, width=200)
    times = iter([0.0, 1.0, 2.0, 3.0, 10.0, 12.0, 13.0, 14.0])
    view = SeriesView(console, lambda: next(times))
    view.show(replace(AT, run=3, epoch=2, stored=True, seed=9))
    one, other = AT, replace(AT, run=2, seed=1, title="y")
    view.show(one)
    view.show(other)
    assert view.description == "2 at once, x, seed 0 …"
    view.show(replace(other, epoch=1, accuracy=0.1))
    assert view.epochs_done == 3
    view.show(replace(one, epoch=2, accuracy=0.25))
    assert view.description == "y, seed 1"
    view.show(replace(other, lost="it died"))
    view.conclude()
    assert console.export_text().splitlines() == [
        "  x, seed 9: stored",
        "  x, seed 0: 25.00%",
        "  y, seed 1: lost, for it died",
        "  1 run, 2 epochs in 12.0 s: 6 s a run and epoch",
    ]
