"""Several seeds in lockstep in one worker are each as if it were alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.base.settings import Settings
from bench.training import store
from bench.training.job import Job, Progress
from bench.training.lockstep import in_lockstep
from bench.training.loop import experiment
from bench.training.paired import paired_accuracy
from bench.training.run import TrainingRun
from bench.worker.variant import Subject
from impls import registry
from short_trainings import BRISK, MANY


@pytest.mark.slow
def test_in_lockstep_in_one_worker(two_cores: Settings) -> None:
    settings = replace(two_cores, threads=1)
    alone = paired_accuracy([], settings, BRISK, 2)
    [choice] = registry.choices(MANY)
    with Subject(choice, settings, BRISK) as subject:
        planned = experiment(subject)
        assert subject.info["many"]
    jobs = [
        Job(choice, replace(planned, seed=seed), True, Progress(MANY, seed, seed + 1, 2, 0, BRISK.epochs), "")
        for seed in (0, 1)
    ]
    events: list[Progress] = []
    found = [run for _, run in in_lockstep(jobs, settings, BRISK, events.append)]
    assert len(found) == 2
    for seed, run in enumerate(found):
        assert isinstance(run, TrainingRun)
        its = alone.baseline.runs[seed]
        assert (run.seed, run.concurrent, run.threads) == (seed, 2, 1)
        assert run.accuracy_per_epoch == its.accuracy_per_epoch
        assert run.losses == pytest.approx(its.losses, rel=1e-6)
        assert run.first_epoch_losses == pytest.approx(its.first_epoch_losses, rel=1e-6)
        assert store.changes(planned, replace(run, seed=planned.seed)) == []
    assert [(event.run, event.epoch) for event in events] == [(1, 0), (2, 0), (1, 1), (2, 1), (1, 2), (2, 2)]
