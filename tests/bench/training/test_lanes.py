"""Runs side by side are those of one after the other, and a lost or interrupted worker ends as it should."""

from __future__ import annotations

import os
import threading
from dataclasses import replace

import psutil
import pytest

from bench.base.machine import device_name
from bench.base.settings import Settings
from bench.training import store
from bench.training.job import Progress
from bench.training.paired import PairedAccuracy, paired_accuracy
from bench.worker.process import WorkerError
from bench.worker.variant import Cores, Subject
from impls import registry
from short_trainings import BRISK, MANY


def outcomes(found: PairedAccuracy) -> list[tuple[str, int, list[float]]]:
    return [(one.title, seed, run.accuracy_per_epoch) for one in found.all_series() for seed, run in one.runs.items()]


@pytest.mark.slow
def test_runs_side_by_side_are_those_of_one_after_the_other(two_cores: Settings) -> None:
    alone = paired_accuracy([], replace(two_cores, machine="alone", threads=1), BRISK, 2)
    events: list[Progress] = []
    found = paired_accuracy([], two_cores, BRISK, 2, at_once=2, on_progress=events.append)
    runs = [run for one in found.all_series() for run in one.runs.values()]
    assert [(run.threads, run.concurrent, run.device_name) for run in runs] == [(1, 2, device_name("cpu", 2))] * 4
    assert {(run.threads, run.concurrent) for one in alone.all_series() for run in one.runs.values()} == {(1, 1)}
    for (title, seed, ours), (its_title, its_seed, its) in zip(outcomes(found), outcomes(alone), strict=True):
        assert (title, seed) == (its_title, its_seed)
        assert ours == pytest.approx(its, abs=0.03)  # of 100 images, a near-tie or two
    assert len(store.read_all(two_cores.results)) == 8
    begun = [event.run for event in events if event.epoch == 0]
    assert begun == [1, 2, 3, 4]
    assert [event.epoch for event in events if event.run == 3] == [0, 1, 2]
    # Both are answers to one question, so neither is trained again.
    again: list[Progress] = []
    assert paired_accuracy([], two_cores, BRISK, 2, on_progress=again.append) == found
    assert again
    assert all(event.stored for event in again)


def test_workers_side_by_side_have_cores_of_their_own(two_cores: Settings) -> None:
    cores = [Subject(choice, two_cores, BRISK, Cores(k, 1)) for k, choice in enumerate(2 * registry.choices(MANY))]
    try:
        bound = [os.sched_getaffinity(subject.worker._process.pid) for subject in cores]
    finally:
        for subject in cores:
            subject.close()
    ours = sorted(os.sched_getaffinity(0))
    assert bound == [{ours[0]}, {ours[1]}]


@pytest.mark.slow
def test_a_killed_worker_loses_its_run_alone(two_cores: Settings) -> None:
    killed = registry.choices("fakes:RunsOutOfMemory:float32")  # in its third whole epoch
    recipe = replace(BRISK, name="three", epochs=3, batch_size=100)
    events: list[Progress] = []
    with pytest.raises(WorkerError, match=r"SIGKILL .*Missing: fakes:RunsOutOfMemory:float32 from seed 0, .* seed 1;"):
        paired_accuracy(killed, two_cores, recipe, 2, at_once=2, on_progress=events.append)
    stored = {(run.title, run.seed) for _, run in store.read_all(two_cores.results)}
    assert stored == {(title, seed) for title in (MANY, f"{MANY} twin") for seed in (0, 1)}
    assert sum("SIGKILL" in event.lost for event in events) == 2


def test_an_interruption_ends_every_worker(two_cores: Settings) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.epoch == 1:
            everything = psutil.Process().children(recursive=True)
            workers.extend(process for process in everything if "bench.worker.serve" in process.cmdline())
            raise KeyboardInterrupt

    workers: list[psutil.Process] = []
    with pytest.raises(KeyboardInterrupt):
        paired_accuracy([], two_cores, replace(BRISK, name="long", epochs=500), 2, at_once=2, on_progress=interrupt)
    assert len(workers) == 2
    _, alive = psutil.wait_procs(workers, timeout=5)
    assert alive == []
    assert [thread for thread in threading.enumerate() if "(work)" in thread.name] == []
