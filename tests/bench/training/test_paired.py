"""Accuracy over paired seeds: what is trained, what is taken from store, and what is compared with what."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bench.base.settings import Settings
from bench.report.pages import write_page
from bench.training import job, loop, paired, store
from bench.training.job import Progress
from bench.training.paired import paired_accuracy
from bench.training.run import TrainingRun
from bench.worker.process import WorkerError
from impls import registry
from impls.errors import LenetError
from impls.spec import LECTURE
from recorder import Recorder
from short_trainings import OTHER, RECIPE, SOUND


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What is really trained, by title and seed, with a fake as the baseline."""
    monkeypatch.setattr(paired, "BASELINE", SOUND)
    found: list[tuple[str, int]] = []
    train = job.train

    def counting(*args: Any, **kwargs: Any) -> TrainingRun:
        run = train(*args, **kwargs)
        found.append((run.title, run.seed))
        return run

    monkeypatch.setattr(job, "train", counting)
    return found


@pytest.fixture
def without_workers(monkeypatch: pytest.MonkeyPatch, trained: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """As `trained`, with subjects that train nothing."""
    monkeypatch.setattr(paired, "Subject", Recorder)
    monkeypatch.setattr(loop, "Subject", Recorder)
    return trained


@pytest.mark.slow
def test_in_workers_from_beginning_to_end(settings: Settings, trained: list[tuple[str, int]]) -> None:
    """Trained, stored, not trained again; and the tables of it all."""
    # Steps enough for a unit in the last place to reach the mean loss, which float32 losses round to coarsely.
    recipe = replace(RECIPE, name="brisk", batch_size=20, learning_rate=1e-3)
    events: list[Progress] = []
    found = paired_accuracy(registry.choices(OTHER), settings, recipe, 2, on_progress=events.append)
    titles = [SOUND, f"{SOUND} twin", OTHER]
    assert trained == [(title, seed) for seed in (0, 1) for title in titles]
    assert [(e.title, e.seed, e.run, e.runs, e.epoch) for e in events[:4]] == [
        (SOUND, 0, 1, 6, 0),
        (SOUND, 0, 1, 6, 1),
        (SOUND, 0, 1, 6, 2),
        (f"{SOUND} twin", 0, 2, 6, 0),
    ]
    assert events[2].accuracy == found.baseline.runs[0].final_accuracy
    for run, twin in zip(found.baseline.runs.values(), found.twin.runs.values(), strict=True):
        assert run.data_fingerprint.startswith("synthetic")
        assert len(run.losses) == len(run.accuracy_per_epoch) == 2
        assert run.losses[1] < run.losses[0]
        assert run.losses != twin.losses  # another start
        # Though hardly: the first loss, before any choice between near-ties could have gone another way.
        assert run.first_epoch_losses[0] == pytest.approx(twin.first_epoch_losses[0], rel=1e-6)
    assert found.baseline.runs[0].losses != found.baseline.runs[1].losses
    assert list(found.control.differences) == list(found.comparisons[0].differences) == [0, 1]
    assert (found.control.title, found.comparisons[0].title) == (titles[1], OTHER)

    trained.clear()
    again = paired_accuracy(registry.choices(OTHER), settings, recipe, 2, on_progress=events.append)
    assert trained == []
    assert again == found
    assert [e.stored for e in events[-6:]] == [True] * 6
    page = write_page(settings.results, settings.machine).read_text()
    assert "## Accuracy over 2 seeds" in page
    assert "made-up images" in page


def test_an_interrupted_series_goes_on_where_it_stopped(
    settings: Settings, without_workers: list[tuple[str, int]]
) -> None:
    def interrupt(progress: Progress) -> None:
        if (progress.seed, progress.title, progress.epoch) == (1, f"{SOUND} twin", 1):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        paired_accuracy(registry.choices(OTHER), settings, RECIPE, 2, on_progress=interrupt)
    assert len(store.read_all(settings.results)) == len(without_workers) == 4
    without_workers.clear()
    paired_accuracy(registry.choices(OTHER), settings, RECIPE, 3)
    assert without_workers == [
        (f"{SOUND} twin", 1),
        (OTHER, 1),
        *((title, 2) for title in (SOUND, f"{SOUND} twin", OTHER)),
    ]


def test_what_changed_is_trained_anew_and_it_is_said_why(
    settings: Settings, without_workers: list[tuple[str, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    paired_accuracy([], settings, RECIPE, 2)
    without_workers.clear()
    paths = sorted(settings.results.glob("**/seed-*.json"))
    assert len(paths) == 4
    paths[0].write_text(paths[0].read_text()[:100])
    old = json.loads(paths[1].read_text()) | {"versions": {"torch": "1.0"}, "code": "old"}
    paths[1].write_text(json.dumps(old))
    events: list[Progress] = []
    paired_accuracy([], settings, RECIPE, 2, on_progress=events.append)
    assert sorted(without_workers) == [(SOUND, 0), (SOUND, 1)]
    assert str(paths[0]) in capsys.readouterr().err
    reasons = [e.reason for e in events if e.reason]
    assert reasons == ["its file cannot be read", "torch 1.0 is now not used; its code has changed since"]
    without_workers.clear()
    paired_accuracy([], settings, LECTURE.shortened(3), 1)
    paired_accuracy([], replace(settings, synthetic=600), RECIPE, 1)
    assert without_workers == [(SOUND, 0), (f"{SOUND} twin", 0)] * 2


def test_the_baseline_asked_for_is_compared_with_its_twin_alone(
    settings: Settings, without_workers: list[tuple[str, int]]
) -> None:
    found = paired_accuracy(registry.choices(SOUND), settings, RECIPE, 1)
    assert without_workers == [(SOUND, 0), (f"{SOUND} twin", 0)]
    assert found.comparisons == []
    assert list(found.control.differences) == [0]


def test_a_change_in_mid_series_is_refused_but_stored(
    settings: Settings, without_workers: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    train = job.train
    monkeypatch.setattr(job, "train", lambda *args, **kwargs: replace(train(*args, **kwargs), code="edited"))
    with pytest.raises(LenetError, match="its code has changed since; measure it again"):
        paired_accuracy([], settings, RECIPE, 1)
    assert [run.code for _, run in store.read_all(settings.results)] == ["edited"]


@pytest.mark.slow
def test_a_lost_worker_is_passed_on_and_costs_nothing_stored(
    settings: Settings, trained: list[tuple[str, int]]
) -> None:
    raises = registry.choices("fakes:Raises:float32")  # in its third whole epoch
    with pytest.raises(WorkerError, match="the kernel fell over"):
        paired_accuracy(raises, settings, LECTURE.shortened(3), 1)
    assert [run.title for _, run in store.read_all(settings.results)] == [SOUND, f"{SOUND} twin"]


def test_no_seeds_are_a_sentence(settings: Settings) -> None:
    with pytest.raises(LenetError, match="give at least 1"):
        paired_accuracy([], settings, RECIPE, 0)
