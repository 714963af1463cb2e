"""The study of what brings a LeNet past 80 %: its networks, its training, and what its file says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from typer.testing import CliRunner

from command import Run
from examples import eighty_percent
from examples.eighty_percent import STEPS, Step, app, augment, passed_at, study, train
from impls.data import Split
from impls.data.synthetic import synthetic_split
from impls.errors import LenetError
from impls.pytorch.eager import LeNet
from impls.spec import PARAMETERS_TOTAL, initial_params

PARAMETERS = {"one-cycle": 62_006, "augmented": 62_006, "normalised": 62_050, "wider": 497_930}
AUGMENTED = next(step for step in STEPS if step.augmented)


@pytest.fixture(scope="module")
def splits() -> tuple[Split, Split]:
    return synthetic_split("train", 200), synthetic_split("test", 100)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_network_has_its_parameters_and_all_of_them_learn(step: Step, splits: tuple[Split, Split]) -> None:
    network = step.network()
    F.nll_loss(network(torch.tensor(splits[0].images)), torch.tensor(splits[0].labels)).backward()
    assert all(parameter.grad.any() for parameter in network.parameters())
    trained = train(step, splits, epochs=4, seed=0)
    assert trained["parameters"] == sum(p.numel() for p in network.parameters()) == PARAMETERS[step.name]
    assert trained["losses"][-1] < trained["losses"][0]


def test_the_first_network_is_the_lectures(splits: tuple[Split, Split]) -> None:
    ours, lectures = STEPS[0].network(), LeNet()
    params = [torch.from_numpy(array) for array in initial_params(0).values()]
    for network in (ours, lectures):
        network.load_state_dict(dict(zip(network.state_dict(), params, strict=True)))
    images = torch.tensor(splits[0].images)
    torch.testing.assert_close(ours(images), lectures(images))
    assert sum(p.numel() for p in ours.parameters()) == PARAMETERS_TOTAL == 62_006


def test_each_step_is_one_change_from_the_last() -> None:
    def changes(before: Step, after: Step) -> set[str]:
        changed = {f.name for f in fields(Step) if getattr(before, f.name) != getattr(after, f.name)}
        assert changed >= {"name", "change"}
        return {"width" if name in ("channels", "units") else name for name in changed - {"name", "change"}}

    assert changes(Step("", ""), STEPS[0]) == set()
    assert len(STEPS) > 1
    assert [len(changes(*pair)) for pair in pairwise(STEPS)] == [1] * (len(STEPS) - 1)


def test_labels_and_test_images_stay_as_they_are(splits: tuple[Split, Split], monkeypatch: pytest.MonkeyPatch) -> None:
    training, test = splits
    pairs: list[tuple[bytes, int]] = []
    tested: list[Tensor] = []
    batches: list[Tensor] = []
    nll_loss, accuracy = F.nll_loss, eighty_percent.accuracy

    def spy_on_images(images: Tensor) -> Tensor:
        batches.append(images.clone())
        return augment(images)

    def spy_on_labels(log_probs: Tensor, labels: Tensor) -> Tensor:
        pairs.extend((image.numpy().tobytes(), int(label)) for image, label in zip(batches[-1], labels, strict=True))
        return nll_loss(log_probs, labels)

    def spy_on_test(model: torch.nn.Module, images: Tensor, labels: Tensor) -> float:
        tested.extend([images, labels])
        return accuracy(model, images, labels)

    monkeypatch.setattr(eighty_percent, "augment", spy_on_images)
    monkeypatch.setattr(eighty_percent, "accuracy", spy_on_test)
    monkeypatch.setattr(F, "nll_loss", spy_on_labels)
    train(AUGMENTED, splits, epochs=1, seed=0)
    own = [(image.tobytes(), int(label)) for image, label in zip(training.images, training.labels, strict=True)]
    assert len(own) == 200
    assert sorted(pairs) == sorted(own)  # every training image once, with its own label
    np.testing.assert_array_equal(tested[0], test.images)
    np.testing.assert_array_equal(tested[1], test.labels)


def test_a_step_is_reproducible_by_its_seed(splits: tuple[Split, Split]) -> None:
    first, again, other = (train(AUGMENTED, splits, epochs=1, seed=seed)["losses"] for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(
    ("accuracies", "epoch"),
    [([0.7, 0.81, 0.79], 2), ([0.8001], 1), ([0.5, 0.79, 0.7999], None), ([0.8, 8000 / 10_000], None), ([], None)],
)
def test_passed_is_above(accuracies: list[float], epoch: int | None) -> None:
    assert passed_at(accuracies) == epoch


def test_the_file_says_all(splits: tuple[Split, Split], tmp_path: Path) -> None:
    study(STEPS[:2], splits, path := tmp_path / "made" / "file.json", epochs=2, seed=3, threads=1)
    found = json.loads(path.read_text())
    header = {"schema", "device_name", "threads", "seed", "commit", "date", "versions", "data_fingerprint"}
    assert set(found) == header | {"steps"}
    assert (found["schema"], found["threads"], found["seed"]) == (1, 1, 3)
    assert found["data_fingerprint"] == splits[0].fingerprint
    assert {"python", "numpy", "torch"} <= set(found["versions"])
    assert [(step["name"], step["change"]) for step in found["steps"]] == [(s.name, s.change) for s in STEPS[:2]]
    for step in found["steps"]:
        lists = ("losses", "accuracy_per_epoch", "epoch_seconds")
        assert set(step) == {"name", "change", "parameters", "epochs", "batch_size", "passed_at", *lists}
        assert all(len(step[key]) == step["epochs"] == 2 for key in lists)
        assert (step["batch_size"], step["passed_at"]) == (100, passed_at(step["accuracy_per_epoch"]))
        assert all(0 <= value <= 1 for value in step["accuracy_per_epoch"])


def made_up(accuracies: dict[str, list[float]]) -> Callable[..., dict[str, Any]]:
    def train(step: Step, *_: object) -> dict[str, Any]:
        if step.name not in accuracies:
            raise KeyboardInterrupt
        values = accuracies[step.name]
        return {"name": step.name, "accuracy_per_epoch": values, "epoch_seconds": [1.0], "passed_at": passed_at(values)}

    return train


def names(path: Path) -> list[str]:
    return [step["name"] for step in json.loads(path.read_text())["steps"]]


def test_it_stops_when_a_step_has_passed(
    splits: tuple[Split, Split], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eighty_percent, "train", made_up({STEPS[0].name: [0.8], STEPS[1].name: [0.81, 0.79]}))
    study(STEPS, splits, path := tmp_path / "file.json", epochs=2, seed=0, threads=1)
    assert names(path) == [STEPS[0].name, STEPS[1].name]


def test_an_interruption_loses_no_finished_step(
    splits: tuple[Split, Split], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eighty_percent, "train", made_up({STEPS[0].name: [0.6]}))
    with pytest.raises(KeyboardInterrupt):
        study(STEPS, splits, path := tmp_path / "file.json", epochs=1, seed=0, threads=1)
    assert names(path) == [STEPS[0].name]


def test_a_trial_replaces_no_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eighty_percent.machine, "folder_name", lambda *_: "machine")
    path = tmp_path / "lecture" / "machine" / "eighty-percent.json"
    path.parent.mkdir(parents=True)
    path.write_text("a study")
    for options in (["--epochs", "1"], ["--only", STEPS[0].name]):
        result = CliRunner().invoke(app, ["--results", str(tmp_path), *options])
        assert isinstance(result.exception, LenetError)
    assert path.read_text() == "a study"


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--only", "deeper"], "There is no step 'deeper'"), (["--threads", "0"], "--threads 0 is not between")],
)
def test_what_is_asked_is_checked_first(options: list[str], said: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--results", str(tmp_path), *options])
    assert isinstance(result.exception, LenetError)
    assert str(result.exception).startswith(said)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_bad_input_ends_in_one_sentence(run: Run) -> None:
    ended = run("examples.eighty_percent", "--only", "deeper")
    assert ended.returncode != 0
    assert ended.stderr.startswith("error: There is no step 'deeper'")
    assert len(ended.stderr.splitlines()) == 1
