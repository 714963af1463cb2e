"""Accuracy over paired seeds: stored runs, their series, and the tables made of them."""

from __future__ import annotations

import json
import math
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT

from bench import accuracy, job, starts, stored_runs, training, training_run
from bench.accuracy import PairedAccuracy, arranged, paired_accuracy
from bench.job import Progress
from bench.measure.process import WorkerError
from bench.measure.subject import Cores, Subject
from bench.report.accuracy import control_sentence, difference_table, newest, sections, seeds_table
from bench.report.drift import drift_table
from bench.report.pages import write_pages
from bench.settings import BASELINE, Settings
from bench.training_run import TrainingRun
from impls import registry
from impls.errors import LenetError
from impls.initial import initial_params
from impls.recipe import LECTURE, Recipe

RECIPE = LECTURE.shortened(2)
SOUND = "fakes:Sound:float32"
OTHER = "fakes:Sound:float64"

# --- runs on disk ---------------------------------------------------------------------------------------------


def made(label: str = BASELINE, seed: int = 0, final: float = 0.45, **fields: Any) -> TrainingRun:
    """A run as it might have been stored."""
    backend, _, variant = label.rpartition(":")
    values: dict[str, Any] = {
        "schema": training_run.SCHEMA,
        "backend": backend,
        "variant": variant,
        "twin": False,
        "device": "cpu",
        "device_name": "Abacus, 2 cores",
        "precision": "fp32",
        "threads": 2,
        "concurrent": 1,
        "recipe": "lecture",
        "batch_size": 100,
        "seed": seed,
        "data_fingerprint": "cifar10-x",
        "versions": {"python": "3.11.7", backend: "2.14.1"},
        "code": "c0de",
        "commit": "0123456789",
        "date": f"2026-01-01T00:00:{seed:02}+00:00",
        "resumed_after": [],
        "losses": [2.0, 1.5],
        "first_epoch_losses": [2.3, 2.2, 2.1],
        "accuracy_per_epoch": [0.3, final],
        "epoch_seconds": [4.0, 4.0],
        "eval_seconds": [0.5, 0.5],
        "total_seconds": 9.0,
        "weight_change": {"conv1.weight": 0.5},
    }
    return TrainingRun(**values | fields)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Of made-up data, with the tests' fakes importable."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests"))
    return Settings([], "cpu", "fp32", 1, True, 7, 60.0, tmp_path / "results", "abacus", synthetic=400)


def test_a_run_comes_back_from_its_file_as_it_was(settings: Settings) -> None:
    run = made(twin=True, seed=3, recipe="lecture[:2]")
    path = stored_runs.save(replace(settings, synthetic=0), run)
    assert path == settings.results / "abacus" / "runs" / "lecture-2" / "pytorch-eager-twin" / "seed-3.json"
    assert stored_runs.read(path) == run
    assert TrainingRun.from_dict(run.as_dict()) == run


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"code": "other"}, "its code has changed since"),
        ({"versions": {"python": "3.11.7", "pytorch": "2.15.0"}}, "pytorch 2.14.1 is now 2.15.0"),
        ({"data_fingerprint": "cifar10-y"}, "its data fingerprint cifar10-x is now cifar10-y"),
        ({"threads": 4, "device_name": "Abacus, 4 cores"}, "its device name Abacus, 2 cores is now Abacus, 4 cores"),
        ({"device": "cuda"}, "its device cpu is now cuda"),
        ({"batch_size": 50}, "its batch size 100 is now 50"),
        # These have places of their own, so there is nothing there.
        ({"recipe": "lecture-100"}, ""),
        ({"twin": True}, ""),
        ({"seed": 1}, ""),
        ({"variant": "compiled"}, ""),
        ({"precision": "tf32"}, ""),
    ],
)
def test_a_run_of_another_experiment_is_not_found(settings: Settings, changed: dict[str, Any], reason: str) -> None:
    stored_runs.save(settings, made())
    assert stored_runs.find(settings, made()) == (made(), "")
    run, why = stored_runs.find(settings, made(**changed))
    assert run is None
    assert reason in why
    assert bool(reason) == bool(why)


def test_names_that_become_the_same_file_are_still_told_apart(settings: Settings) -> None:
    one, other = made("a:b:c"), made("a-b:c")
    assert stored_runs.path_of(settings, one) == stored_runs.path_of(settings, other)
    stored_runs.save(settings, one)
    assert stored_runs.find(settings, one) == (one, "")
    assert stored_runs.find(settings, other)[0] is None


def test_made_up_data_and_real_data_have_folders_of_their_own(settings: Settings) -> None:
    made_up = stored_runs.path_of(settings, made())
    assert "made-up-400-images" in made_up.parts
    assert made_up != stored_runs.path_of(replace(settings, synthetic=0), made())


def spoilt(**fields: Any) -> str:
    return json.dumps(made().as_dict() | fields)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (json.dumps(made().as_dict())[:200], "is not a readable training run"),
        ("", "is not a readable training run"),
        ("[]", "its schema is None"),
        (spoilt(schema=99), "its schema is 99, this version reads 1 to 3"),
        (spoilt(more=1), "missing or unknown: more"),
        (spoilt(seed="0"), "of the wrong type: seed"),
        (spoilt(losses=[2.0, float("nan")]), "of the wrong type: losses"),
        (spoilt(losses=[2.0]), "not every epoch has all its figures"),
        (spoilt(accuracy_per_epoch=[30.0, 45.0]), "an accuracy is not a fraction"),
    ],
)
def test_a_bad_file_is_named_and_treated_as_absent(
    settings: Settings, content: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = stored_runs.save(settings, made())
    path.write_text(content)
    assert stored_runs.find(settings, made()) == (None, "its file cannot be read")
    assert stored_runs.read_all(settings.results) == []
    warning = capsys.readouterr().err
    assert str(path) in warning
    assert reason in warning


# --- training ---------------------------------------------------------------------------------------------------


def test_the_twin_starts_one_unit_in_the_last_place_away() -> None:
    params, twin = initial_params(0), starts.twin_params(0)
    assert list(twin) == list(params)
    ups = []
    for name, p in params.items():
        assert twin[name].dtype == np.float32
        assert p.all()  # beside zero, and across it, the bits do not count units
        steps = twin[name].view(np.int32) - p.view(np.int32)
        assert (np.abs(steps) == 1).all(), name
        ups.append(np.mean(twin[name] > p))
    assert 0.4 < np.mean(ups) < 0.6
    assert all((starts.twin_params(0)[name] == twin[name]).all() for name in twin)


class Recorder(Subject):
    """A subject that trains nothing, records what it was given, and is always a quarter right."""

    latest: Recorder

    def __init__(self, choice: registry.Choice, settings: Settings, recipe: Recipe, cores: Cores | None = None) -> None:
        self.cores = cores or Cores(0, settings.threads)
        self.choice, self.settings, self.recipe, self.losses = choice, settings, recipe, []
        self.first_epoch_losses = [2.3]
        self.info = {"variant": choice.variant, "versions": {}, "code": "c0de", "many": False}
        self.info |= {"data_fingerprint": "synthetic-x"}
        self.loaded = [initial_params(settings.seed)]
        self.worker, self.epochs = self, 0  # type: ignore[assignment]
        Recorder.latest = self

    def call(self, method: str, *args: dict[str, np.ndarray]) -> Any:
        if method == "export_params":
            return {name: 2 * value for name, value in self.loaded[-1].items()}
        assert method == "load_params"
        self.loaded += args
        return None

    def epoch(self) -> float:
        self.epochs += 1
        self.losses.append(1.0)
        return 1.0

    def evaluate(self) -> tuple[float, float]:
        return 0.5, 0.25

    def close(self) -> None:
        pass


@pytest.mark.parametrize("twin", [False, True])
def test_a_twin_is_trained_from_nudged_parameters_and_nothing_else_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, twin: bool
) -> None:
    monkeypatch.setattr(training, "Subject", Recorder)
    [choice] = registry.choices(SOUND)
    told: list[tuple[int, float, float, float]] = []
    run = training.train(choice, settings, RECIPE, seed=5, twin=twin, on_epoch=lambda *epoch: told.append(epoch))
    start = Recorder.latest.loaded[-1]
    expected = starts.twin_params(5) if twin else initial_params(5)
    assert all((start[name] == expected[name]).all() for name in expected)
    assert Recorder.latest.settings.seed == run.seed == 5
    assert (run.twin, run.title) == (twin, SOUND + (" twin" if twin else ""))
    assert told == [(1, 1.0, 0.25, 1.0), (2, 1.0, 0.25, 1.0)]
    assert run.total_seconds == 3.0
    assert run.weight_change == pytest.approx(dict.fromkeys(expected, 1.0))


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What is really trained, by title and seed, with a fake as the baseline."""
    monkeypatch.setattr(accuracy, "BASELINE", SOUND)
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
    monkeypatch.setattr(accuracy, "Subject", Recorder)
    monkeypatch.setattr(training, "Subject", Recorder)
    return trained


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
    page = write_pages(settings.results).read_text()
    assert "## Accuracy over 2 seeds" in page
    assert "made-up images" in page


def test_code_that_changes_is_trained_anew_and_a_comment_is_not(settings: Settings, tmp_path: Path) -> None:
    module = tmp_path / "mine.py"
    module.write_text("from fakes import Sound\n\nclass Mine(Sound):\n    scale = 1\n")
    os.environ["PYTHONPATH"] += os.pathsep + str(tmp_path)  # restored by `settings`
    [choice] = registry.choices("mine:Mine:float32")
    stored_runs.save(settings, training.train(choice, settings, LECTURE.shortened(1), seed=0))

    def stored_now() -> tuple[TrainingRun | None, str]:
        with Subject(choice, replace(settings, seed=0), LECTURE.shortened(1)) as subject:
            return stored_runs.find(settings, training.experiment(subject))

    module.write_text("# A comment.\nfrom fakes import Sound\n\nclass Mine(Sound):\n    scale = 1\n")
    assert stored_now()[0] is not None
    module.write_text("from fakes import Sound\n\nclass Mine(Sound):\n    scale = 2\n")
    assert stored_now() == (None, "its code has changed since")


def test_an_interrupted_series_goes_on_where_it_stopped(
    settings: Settings, without_workers: list[tuple[str, int]]
) -> None:
    def interrupt(progress: Progress) -> None:
        if (progress.seed, progress.title, progress.epoch) == (1, f"{SOUND} twin", 1):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        paired_accuracy(registry.choices(OTHER), settings, RECIPE, 2, on_progress=interrupt)
    assert len(stored_runs.read_all(settings.results)) == len(without_workers) == 4
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
    assert [run.code for _, run in stored_runs.read_all(settings.results)] == ["edited"]


def test_a_lost_worker_is_passed_on_and_costs_nothing_stored(
    settings: Settings, trained: list[tuple[str, int]]
) -> None:
    raises = registry.choices("fakes:Raises:float32")  # in its third whole epoch
    with pytest.raises(WorkerError, match="the kernel fell over"):
        paired_accuracy(raises, settings, LECTURE.shortened(3), 1)
    assert [run.title for _, run in stored_runs.read_all(settings.results)] == [SOUND, f"{SOUND} twin"]


def test_no_seeds_are_a_sentence(settings: Settings) -> None:
    with pytest.raises(LenetError, match="give at least 1"):
        paired_accuracy([], settings, RECIPE, 0)


# --- tables -----------------------------------------------------------------------------------------------------


def five(label: str, gaps: list[float], **fields: Any) -> list[TrainingRun]:
    """Runs of seeds 0, 1, ... that differ from 45 %, 46 %, ... by ``gaps`` points."""
    return [made(label, seed, 0.45 + 0.01 * seed + gap / 100, **fields) for seed, gap in enumerate(gaps)]


BASE = five(BASELINE, [0.0] * 3)
TWIN = five(BASELINE, [0.3, -0.3, 0.3], twin=True)
FLAX = five("flax:jit", [0.1, 0.2, 0.3])


def result(*runs: TrainingRun) -> PairedAccuracy:
    return arranged(runs)


def test_a_row_per_seed_and_the_means() -> None:
    table = seeds_table(result(*BASE, *TWIN, *FLAX))
    assert list(table.header) == ["seed", "pytorch:eager", "pytorch:eager twin", "flax:jit"]
    assert [list(row) for row in table.rows[:3]] == [
        ["0", "45.00", "45.30", "45.10"],
        ["1", "46.00", "45.70", "46.20"],
        ["2", "47.00", "47.30", "47.30"],
    ]
    # 46 with deviation 1: 4.302653 / sqrt(3) either way.
    assert list(table.rows[3])[:2] == ["mean (95 % interval)", "46.00 (43.52–48.48)"]
    assert len(table.rows) == 4


def test_differences_intervals_and_verdicts() -> None:
    table = difference_table(result(*BASE, *TWIN, *FLAX))
    assert table is not None
    assert list(table.header)[-1] == "verdict at ±1.0"
    rows = {row[0]: list(row) for row in table.rows}
    # 0.2 with deviation 0.1; error 0.057735; 4.302653 and 2.919986 of it. t = 0.8 / 0.057735 on 2 degrees.
    t = 0.8 / 0.0577350
    p = f"{0.5 * (1 - t / math.sqrt(2 + t * t)):.4f}"
    assert rows["flax:jit"] == ["flax:jit", "3", "+0.20 (-0.05 to +0.45)", "+0.03 to +0.37", p, "equivalent"]
    assert rows["pytorch:eager twin"][:3] == ["pytorch:eager twin", "3", "+0.10 (-0.76 to +0.96)"]


def test_only_whole_pairs_are_compared() -> None:
    found = result(*BASE[:2], *TWIN[:1], *FLAX)
    assert list(found.comparisons[0].differences) == [0, 1]
    table, below = seeds_table(found), difference_table(found)
    assert list(table.rows[2]) == ["2", "–", "–", "47.30"]
    assert list(table.rows[-1]) == ["seeds", "2", "1", "3"]
    assert below is not None
    assert list(below.rows[0])[1:] == ["1", "+0.30 (one pair)", "–", "–", "inconclusive"]
    assert difference_table(result(*FLAX)) is None


@pytest.mark.parametrize(
    ("gaps", "words"),
    [
        ([0.1, 0.2, 0.3], "by 0.216 points over 3 seeds, less than"),
        ([0.3, 0.3, 0.3], "by 0.300 points over 3 seeds, as much as"),
        ([1.0, -1.0, 1.0], "by 1.000 points over 3 seeds, more than"),
        ([1.0], "by 1.000 points from seed 0 alone, more than"),
    ],
)
def test_the_sentence_of_the_control_follows_the_figures(gaps: list[float], words: str) -> None:
    sentence = control_sentence(result(*BASE, *TWIN, *five("flax:jit", gaps)))
    assert sentence is not None
    assert words in sentence
    assert "started 1 ulp away (0.300)." in sentence
    assert control_sentence(result(*BASE, *FLAX)) is None
    assert control_sentence(result(*BASE, *TWIN)) is None


def test_a_section_of_the_page_is_made_from_the_stored_runs_alone(settings: Settings) -> None:
    real = replace(settings, synthetic=0)
    for run in (*BASE, *TWIN, *FLAX):
        stored_runs.save(real, run)
    text = write_pages(settings.results).read_text()
    assert "## Accuracy over 3 seeds: Abacus, 2 cores, fp32, recipe lecture\n" in text
    assert "+0.20 (-0.05 to +0.45)" in text
    assert "less than pytorch:eager differs from itself" in text
    assert "python 3.11.7, pytorch 2.14.1, flax 2.14.1\n" in text
    assert write_pages(settings.results).read_text() == text


@pytest.mark.parametrize(
    "fields",
    [
        {"device_name": "Abacus, 4 cores"},
        {"precision": "tf32"},
        {"data_fingerprint": "synthetic-x"},
        {"recipe": "lecture-100"},
        {"batch_size": 50},
    ],
)
def test_other_devices_precisions_data_and_recipes_never_share_a_table(
    settings: Settings, fields: dict[str, Any]
) -> None:
    for run in (*BASE, *five("flax:jit", [0.1, 0.2], **fields)):
        stored_runs.save(settings, run)
    found = [{run.label for run in section.runs} for section in sections(settings.results)]
    assert found in ([{BASELINE}, {"flax:jit"}], [{"flax:jit"}, {BASELINE}])


def test_the_newest_code_wins_and_what_is_left_out_is_said() -> None:
    old = five(BASELINE, [0.0] * 3, code="old", date="2025-01-01T00:00:00+00:00")
    section = newest([*old[1:], BASE[0], *TWIN, *FLAX])
    assert [(run.title, run.seed) for run in section.runs if run.label == BASELINE and not run.twin] == [(BASELINE, 0)]
    assert section.left_out == [
        "Left out, because newer runs take their place in the comparison: pytorch:eager, seeds 1, 2 (other code)."
    ]


def test_versions_that_two_variants_share_must_agree() -> None:
    versions = {"python": "3.12.0", "flax": "2.14.1"}
    section = newest([*BASE, *five("flax:jit", [0.1, 0.2], versions=versions, date="2026-02-01T00:00:00+00:00")])
    assert {run.label for run in section.runs} == {"flax:jit"}
    assert section.left_out == [
        "Left out, because newer runs take their place in the comparison: "
        "pytorch:eager, seeds 0, 1, 2 (python 3.11.7 and not 3.12.0)."
    ]


# --- drift ----------------------------------------------------------------------------------------------------


def test_drift_is_the_median_over_seeds_of_the_largest_difference_so_far() -> None:
    base, runs = [2.0] * 12, []
    for seed, off in ((0, 1e-6), (1, 4e-6), (2, 2e-6)):
        far = [2.0, 2.0 + 2 * off, *[2.0] * 10]
        runs.append(made(seed=seed, first_epoch_losses=base))
        runs.append(made(seed=seed, twin=True, first_epoch_losses=base))
        runs.append(made("flax:jit", seed, first_epoch_losses=far))
    table = drift_table(arranged(runs))
    assert table
    assert list(table.header) == ["up to step", "1", "10"]
    assert [list(row) for row in table.rows] == [
        ["pytorch:eager twin from pytorch:eager", "0", "0"],
        ["flax:jit from pytorch:eager", "0", "2e-06"],
    ]
    assert drift_table(arranged([made()])) is None
