"""Training runs on disk: each is found again as long as its experiment is the same."""

from __future__ import annotations

import json
import os
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from bench.base.environment import recorded
from bench.base.settings import Settings
from bench.base.suite import stated
from bench.training import loop, store
from bench.training.run import Experiment, TrainingRun
from bench.worker.process import worker_environment
from bench.worker.variant import Subject
from command import ROOT
from impls import registry
from impls.spec import LECTURE
from made_up_runs import made


def test_a_run_comes_back_from_its_file_as_it_was(settings: Settings) -> None:
    run = made(twin=True, seed=3, recipe="lecture[:2]")
    path = store.save(replace(settings, synthetic=0), run)
    assert path == settings.results / "abacus" / "runs" / "lecture-2" / "pytorch-eager-twin" / "seed-3.json"
    assert store.read(path) == run
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
    store.save(settings, made())
    assert store.find(settings, made()) == (made(), "")
    run, why = store.find(settings, made(**changed))
    assert run is None
    assert reason in why
    assert bool(reason) == bool(why)


def test_a_run_in_another_environment_is_not_found(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NVIDIA_TF32_OVERRIDE", raising=False)
    run = made(environment=recorded(worker_environment(2)))
    store.save(settings, run)
    assert store.find(settings, run) == (run, "")
    monkeypatch.setenv("NVIDIA_TF32_OVERRIDE", "0")
    assert store.find(settings, run) == (None, "its environment differs in NVIDIA_TF32_OVERRIDE (not set and 0)")


def test_a_run_from_before_environments_were_recorded_is_found(settings: Settings) -> None:
    values = made().as_dict() | {"schema": 3}
    del values["environment"]
    assert store.checked(values) == made()


def test_a_run_from_before_versions_were_recorded_is_found(settings: Settings) -> None:
    path = store.save(settings, made(spec=2, suite="0.1.0"))
    assert store.find(settings, made()) == (made(spec=2, suite="0.1.0"), "")
    values = {key: value for key, value in made().as_dict().items() if key not in ("spec", "suite")} | {"schema": 4}
    path.write_text(json.dumps(values))
    assert store.find(settings, made()) == (made(spec=None, suite=None), "")


def test_a_run_that_is_trained_now_states_the_versions() -> None:
    wanted = {field.name: getattr(made(), field.name) for field in fields(Experiment)}
    known = {field.name for field in fields(Experiment)} | {"spec", "suite", "environment", "commit", "date"}
    figures = {name: value for name, value in made().as_dict().items() if name not in {*known, "total_seconds"}}
    run = loop.run_of(Experiment(**wanted), **figures)
    assert {"spec": run.spec, "suite": run.suite} == stated()
    assert run.code == "c0de"


def test_names_that_become_the_same_file_are_still_told_apart(settings: Settings) -> None:
    one, other = made("a:b:c"), made("a-b:c")
    assert store.path_of(settings, one) == store.path_of(settings, other)
    store.save(settings, one)
    assert store.find(settings, one) == (one, "")
    assert store.find(settings, other)[0] is None


def test_made_up_data_and_real_data_have_folders_of_their_own(settings: Settings) -> None:
    made_up = store.path_of(settings, made())
    assert "made-up-400-images" in made_up.parts
    assert made_up != store.path_of(replace(settings, synthetic=0), made())


def spoilt(**fields: Any) -> str:
    return json.dumps(made().as_dict() | fields)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (json.dumps(made().as_dict())[:200], "is not a readable training run"),
        ("", "is not a readable training run"),
        ("[]", "its schema is None"),
        (spoilt(schema=99), "its schema is 99, this version reads 1 to 6"),
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
    path = store.save(settings, made())
    path.write_text(content)
    assert store.find(settings, made()) == (None, "its file cannot be read")
    assert store.read_all(settings.results) == []
    warning = capsys.readouterr().err
    assert str(path) in warning
    assert reason in warning


def test_a_run_of_the_first_schema_is_read(settings: Settings) -> None:
    path = store.save(settings, made())
    old = {key: value for key, value in made().as_dict().items() if key != "concurrent"} | {"schema": 1}
    path.write_text(json.dumps(old))
    assert store.read(path) == made()
    assert store.find(settings, replace(made(), threads=1, concurrent=2)) == (made(), "")
    committed = store.read_all(ROOT / "results")
    assert committed
    assert len(committed) == len(list((ROOT / "results").glob("*/runs/**/seed-*.json")))


@pytest.mark.slow
def test_code_that_changes_is_trained_anew_and_a_comment_is_not(settings: Settings, tmp_path: Path) -> None:
    module = tmp_path / "mine.py"
    module.write_text("from fakes import Sound\n\nclass Mine(Sound):\n    scale = 1\n")
    os.environ["PYTHONPATH"] += os.pathsep + str(tmp_path)  # restored by `settings`
    [choice] = registry.choices("mine:Mine:float32")
    store.save(settings, loop.train(choice, settings, LECTURE.shortened(1), seed=0))

    def stored_now() -> tuple[TrainingRun | None, str]:
        with Subject(choice, replace(settings, seed=0), LECTURE.shortened(1)) as subject:
            return store.find(settings, loop.experiment(subject))

    module.write_text("# A comment.\nfrom fakes import Sound\n\nclass Mine(Sound):\n    scale = 1\n")
    assert stored_now()[0] is not None
    module.write_text("from fakes import Sound\n\nclass Mine(Sound):\n    scale = 2\n")
    assert stored_now() == (None, "its code has changed since")
