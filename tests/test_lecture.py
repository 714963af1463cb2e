"""``lenet-bench lecture``: what it keeps, how it goes on, and what it says."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT, Run

from bench import stored_runs
from bench.lecture.folder import Elsewhere, VariantFolder, read_params, write_tensors
from bench.lecture.reproduce import Reached, Reproduction
from bench.measure.process import WorkerError
from bench.settings import Settings
from bench.training_run import TrainingRun
from impls import cifar10_1, data, registry
from impls.errors import DataError, LenetError
from impls.initial import initial_params
from impls.recipe import HUNDRED, HUNDRED_HALVING, LECTURE, RECIPES, lecture
from impls.spec import Params

SOUND, OTHER = "fakes:Sound:float32", "fakes:Sound:float64"
THREE = lecture(3)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Of made-up data, with the tests' fakes importable."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests"))
    return Settings([], "cpu", "fp32", 1, True, 7, 60.0, tmp_path / "results", "abacus", synthetic=400)


class Silent:
    """A view that keeps what it is told, and may interrupt a run."""

    def __init__(self, interrupt_after: int = 10**9) -> None:
        self.told: list[Any] = []
        self.epochs_left = interrupt_after

    def begin(self, title: str, epochs: int, run: TrainingRun | None, reason: str) -> None:
        self.told.append(("begin", title, len(run.losses) if run else 0, reason))

    def epoch(self, number: int, loss: float, accuracy: float, seconds: float) -> None:
        self.told.append(("epoch", number))
        self.epochs_left -= 1
        if self.epochs_left == 0:
            raise KeyboardInterrupt

    def end(self, run: TrainingRun, *, stored: bool) -> None:
        self.told.append(("end", run.label, stored))


def no_figures(folder: Path, reached: Sequence[Reached], initial: Params) -> list[Path]:
    return []


def made(settings: Settings, *labels: str, **options: Any) -> Reproduction:
    return Reproduction([c for label in labels for c in registry.choices(label)], settings, THREE, **options)


def interrupted(settings: Settings, after: int = 2, *labels: str, **options: Any) -> Reproduction:
    """A reproduction that was stopped as soon as so many epochs were told of."""
    found = made(settings, *(labels or (SOUND,)), **options)
    with pytest.raises(KeyboardInterrupt):
        found.run(Silent(after))
    found.write(no_figures)
    return found


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_everything_is_kept_and_nothing_trained_twice(settings: Settings) -> None:
    first, view = made(settings, SOUND, OTHER), Silent()
    first.run(view)
    paths = first.write(no_figures)
    assert [event for event in view.told if event[0] != "epoch"] == [
        ("begin", SOUND, 0, ""),
        ("end", SOUND, False),
        ("begin", OTHER, 0, ""),
        ("end", OTHER, False),
    ]
    assert first.folder == settings.results / "lecture" / "abacus" / "made-up-400-images" / "lecture-3" / "seed-7"
    assert paths == [first.folder / "curves.csv"]
    of_each = {f"fakes-Sound-{dtype}/{name}" for dtype in ("float32", "float64") for name in KEPT}
    assert tree(first.folder) == {"curves.csv", "initial.safetensors", *of_each}

    start, final = (read_params(first.folder / name) for name in ("initial.safetensors", f"{F32}/final.safetensors"))
    expected = initial_params(7)
    assert all((start[name] == expected[name]).all() for name in expected)
    run = stored_runs.read(first.folder / F32 / "run.json")
    assert run is not None
    for name, value in expected.items():
        moved = np.linalg.norm(final[name].astype(float) - value) / np.linalg.norm(value.astype(float))
        assert moved == pytest.approx(run.weight_change[name])
        assert moved > 0
    with (first.folder / "curves.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["variant"], row["epoch"]) for row in rows] == [(v, e) for v in (SOUND, OTHER) for e in "123"]
    assert [float(row["loss"]) for row in rows[:3]] == run.losses
    assert {row["learning_rate"] for row in rows} == {"0.0001"}

    again, view = made(settings, SOUND, OTHER), Silent()
    again.run(view)
    assert view.told == [("end", SOUND, True), ("end", OTHER, True)]
    assert again.reached[SOUND].run == run
    assert all((again.reached[SOUND].params[name] == final[name]).all() for name in final)
    anew, view = made(settings, SOUND, again=True), Silent()
    anew.run(view)
    assert view.told[0] == ("begin", SOUND, 0, "")


KEPT = ("run.json", "final.safetensors")
F32 = "fakes-Sound-float32"


def test_a_run_gone_on_with_is_the_one_that_was_never_stopped(settings: Settings) -> None:
    whole = made(replace(settings, results=settings.results / "whole"), SOUND)
    whole.run(Silent())
    stopped = interrupted(settings, 2)
    folder = VariantFolder(stopped.folder, SOUND)
    assert tree(folder.path) == {"run.json", "checkpoint.safetensors"}
    so_far = folder.run()
    assert so_far is not None
    assert so_far.losses == whole.reached[SOUND].run.losses[:2]

    resumed, view = made(settings, SOUND, resume=True), Silent()
    resumed.run(view)
    assert view.told == [("begin", SOUND, 2, ""), ("epoch", 3), ("end", SOUND, False)]
    assert tree(folder.path) == set(KEPT)
    one, other = (each.reached[SOUND] for each in (whole, resumed))
    assert other.run.resumed_after == [2]
    assert other.run.losses == one.run.losses
    assert other.run.first_epoch_losses == one.run.first_epoch_losses
    assert other.run.accuracy_per_epoch == one.run.accuracy_per_epoch
    assert len(other.run.epoch_seconds) == 3
    for name, value in one.params.items():
        np.testing.assert_array_equal(other.params[name], value)


def test_what_was_interrupted_is_neither_overwritten_nor_gone_on_with_unasked(settings: Settings) -> None:
    stopped = interrupted(settings, 2)
    before = VariantFolder(stopped.folder, SOUND).checkpoint_path.read_bytes()
    view = Silent()
    with pytest.raises(LenetError, match="after epoch 2 of 3 .*go on with --resume, or begin anew with --again"):
        made(settings, OTHER, SOUND).run(view)
    assert view.told == []  # the question comes before anything is trained
    assert VariantFolder(stopped.folder, SOUND).checkpoint_path.read_bytes() == before


def test_an_older_runs_end_is_no_part_of_one_that_was_begun_anew(settings: Settings) -> None:
    done = made(settings, SOUND)
    done.run(Silent())
    folder = VariantFolder(done.folder, SOUND)
    folder.save_elsewhere(Elsewhere("CIFAR-10.1", "x", 10, 0.5))
    interrupted(settings, 1, again=True)
    assert tree(folder.path) == {"run.json", "checkpoint.safetensors"}


def change(path: Path, **fields: Any) -> None:
    """Alter what a checkpoint says of its run."""
    folder = VariantFolder(path.parent.parent, SOUND)
    checkpoint = folder.checkpoint()
    assert checkpoint is not None
    folder.save_checkpoint(replace(checkpoint, run=replace(checkpoint.run, **fields)))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda path: change(path, code="older"), "since then its code has changed since; begin anew with --again"),
        (lambda path: change(path, versions={"torch": "1.0"}), "torch 1.0 is now not used; begin anew with --again"),
        (lambda path: path.write_bytes(path.read_bytes()[:5000]), "checkpoint.safetensors cannot be read"),
        (lambda path: path.write_bytes(b""), "checkpoint.safetensors cannot be read"),
        (lambda path: write_tensors(path, {"x": np.zeros(3)}, {"run": "{}"}), "is no checkpoint of this version"),
    ],
)
def test_a_checkpoint_that_cannot_be_gone_on_with_is_a_sentence(
    settings: Settings, spoil: Callable[[Path], None], sentence: str
) -> None:
    stopped = interrupted(settings, 1)
    spoil(VariantFolder(stopped.folder, SOUND).checkpoint_path)
    with pytest.raises(LenetError, match=sentence):
        made(settings, SOUND, resume=True).run(Silent())


def test_a_backend_without_an_optimizers_state_begins_anew(settings: Settings) -> None:
    label = "fakes:CannotBeStopped:float32"
    stopped = interrupted(settings, 1, label)
    assert VariantFolder(stopped.folder, label).checkpoint_path.exists()  # what was reached is kept all the same
    with pytest.raises(LenetError, match=r"does not give out the optimizer's state \(export_optimizer\); begin anew"):
        made(settings, label, resume=True).run(Silent())
    made(settings, label, again=True).run(Silent())


def test_a_lost_worker_costs_only_what_it_had_not_reached(settings: Settings) -> None:
    raises = "fakes:Raises:float32"  # in its third epoch
    found = made(settings, raises, SOUND)
    with pytest.raises(WorkerError, match="the kernel fell over"):
        found.run(Silent())
    found.write(no_figures)
    assert [len(each.run.losses) for each in found.reached.values()] == [2, 3]
    assert VariantFolder(found.folder, raises).checkpoint_path.exists()
    assert VariantFolder(found.folder, SOUND).final_path.exists()


def test_parameters_of_another_network_are_refused(tmp_path: Path) -> None:
    write_tensors(tmp_path / "final.safetensors", {"conv1.weight": np.zeros((6, 1, 5, 5))}, {})
    with pytest.raises(LenetError, match="does not hold LeNet's parameters"):
        read_params(tmp_path / "final.safetensors")


# --- recipes --------------------------------------------------------------------------------------------------


def test_a_recipe_is_named_by_what_it_does_otherwise() -> None:
    assert lecture() == LECTURE
    assert (lecture(100), lecture(100, halving=True)) == (HUNDRED, HUNDRED_HALVING)
    assert lecture(20, halving=True, learning_rate=1e-3, initial="flax").name == (
        "lecture-20-halving-lr-0.001-flax-initial"
    )
    options = [(e, h, r, i) for e in (3, 10) for h in (False, True) for r in (1e-3, 1e-4) for i in ("pytorch", "flax")]
    names = [lecture(e, halving=h, learning_rate=r, initial=i).name for e, h, r, i in options]
    assert len(set(names)) == len(names)
    assert all(recipe.name == name for name, recipe in RECIPES.items())


def test_halving_halves_after_every_ten_epochs() -> None:
    assert [HUNDRED_HALVING.lr(epoch) for epoch in (0, 9, 10, 19, 20, 99)] == [
        1e-4, 1e-4, 0.5e-4, 0.5e-4, 0.25e-4, 1e-4 / 2**9
    ]  # fmt: skip
    assert HUNDRED.lr(99) == 1e-4


def test_a_recipes_initial_parameters_are_what_a_run_starts_from(settings: Settings) -> None:
    recipe = lecture(1, initial="flax")
    flax = Reproduction(registry.choices(SOUND), settings, recipe)
    flax.run(Silent())
    final, start = flax.reached[SOUND].params, initial_params(7, "flax")
    assert not start["conv1.bias"].any()
    assert "conv1.bias" not in flax.reached[SOUND].run.weight_change  # it begins at zero: there is no ratio to that
    # Four steps of 1e-4 move no weight by more than that.
    assert max(np.abs(final[name] - start[name]).max() for name in start) < 5e-4
    assert np.abs(final["fc1.weight"] - initial_params(7)["fc1.weight"]).max() > 0.01


# --- another test set ---------------------------------------------------------------------------------------


def cifar10_1_in(folder: Path, count: int = 20) -> Path:
    """A folder as CIFAR-10.1's authors publish it, of made-up content."""
    rng = np.random.default_rng(0)
    folder.mkdir(exist_ok=True)
    np.save(folder / cifar10_1.IMAGES, rng.integers(0, 256, (count, 32, 32, 3), np.uint8))
    np.save(folder / cifar10_1.LABELS, rng.integers(0, 10, count, np.int32))
    return folder


def test_cifar10_1_goes_the_way_of_cifar10(tmp_path: Path) -> None:
    folder = cifar10_1_in(tmp_path / "x")
    split = cifar10_1.load(folder)
    pixels = np.load(folder / cifar10_1.IMAGES)
    np.testing.assert_array_equal(split.images, data.to_float(pixels))
    assert split.images.flags.c_contiguous
    every = np.arange(256, dtype=np.uint8).repeat(12).reshape(1, 32, 32, 3)
    np.testing.assert_array_equal(cifar10_1.to_float(every), data.to_float(every))
    np.testing.assert_array_equal(split.labels, np.load(folder / cifar10_1.LABELS))
    assert (split.labels.dtype, split.images.dtype) == (np.int64, np.float32)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (cifar10_1.IMAGES, None, "cannot be read .*; give the folder of cifar10.1_v6_data.npy"),
        (cifar10_1.LABELS, None, "cannot be read"),
        (cifar10_1.IMAGES, np.zeros((20, 3, 32, 32), np.uint8), r"uint8\(20, 3, 32, 32\) where uint8\(N, 32, 32, 3\)"),
        (cifar10_1.IMAGES, np.zeros((20, 32, 32, 3)), "float64"),
        (cifar10_1.IMAGES, np.zeros((0, 32, 32, 3), np.uint8), "was expected"),
        (cifar10_1.LABELS, np.zeros(19, np.int64), "does not hold a class from 0 to 9 for each of 20 images"),
        (cifar10_1.LABELS, np.full(20, 10), "does not hold a class"),
        (cifar10_1.LABELS, np.zeros(20), "does not hold a class"),
    ],
)
def test_another_test_set_of_another_form_is_a_sentence(
    tmp_path: Path, name: str, content: np.ndarray | None, sentence: str
) -> None:
    folder = cifar10_1_in(tmp_path / "x")
    (folder / name).unlink()
    if content is not None:
        np.save(folder / name, content)
    with pytest.raises(DataError, match=sentence):
        cifar10_1.load(folder)


def test_runs_are_looked_at_on_another_test_set(settings: Settings, tmp_path: Path) -> None:
    found = made(settings, SOUND)
    found.run(Silent())
    split = cifar10_1.load(cifar10_1_in(tmp_path / "x"))
    [choice] = registry.choices(SOUND)
    backend = registry.load(choice)(variant="float32", device="cpu")
    backend.load_params(found.reached[SOUND].params)
    right = float((backend.predict(split) == split.labels).mean())
    assert found.look_elsewhere("a name", split) == {SOUND: Elsewhere("a name", split.fingerprint, 20, right)}
    assert VariantFolder(found.folder, SOUND).elsewhere() == Elsewhere("a name", split.fingerprint, 20, right)


# --- the command ----------------------------------------------------------------------------------------------

COMMAND = ("bench.cli", "lecture", "--synthetic", "400", "--device", "cpu", "--threads", "1", "--epochs", "3")


def test_the_command_shows_what_the_lecture_shows(run: Run, tmp_path: Path) -> None:
    options = ("--backend", SOUND, "--results", str(tmp_path / "r"), "--machine", "m", "--schedule", "halving")
    done = run(*COMMAND, *options, "--cifar10.1", str(cifar10_1_in(tmp_path / "x")))
    assert done.returncode == 0, done.stdout + done.stderr
    for shown in ("training images  400 (made up)", "test images      200 (made up)", "halved after every 10 epochs"):
        assert shown in done.stdout
    folder = tmp_path / "r" / "lecture" / "m" / "made-up-400-images" / "lecture-3-halving" / "seed-0"
    content = json.loads((folder / F32 / "run.json").read_text())
    for epoch, accuracy in enumerate(content["accuracy_per_epoch"], start=1):
        assert f"{epoch}    {content['losses'][epoch - 1]:.4f}    {accuracy:7.2%}" in done.stdout
    assert f"total time {content['total_seconds']:.1f} s" in done.stdout
    assert "on CIFAR-10.1 v6, 20 images: " in done.stdout
    figures = {f"{name}{suffix}" for name in ("curves", "conv1", "conv2") for suffix in SUFFIXES}
    assert figures <= tree(folder)


SUFFIXES = (".svg", ".png", "-dark.svg", "-dark.png")


def test_ctrl_c_keeps_what_was_reached_and_says_how_to_go_on(run: Run, tmp_path: Path) -> None:
    go, options = tmp_path / "go", ("--backend", "fakes:WaitsForAFile", "--results", str(tmp_path / "r"))
    env = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]), "LENET_TEST_GO": str(go)}
    command = [sys.executable, "-m", *COMMAND, *options]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        deadline = time.monotonic() + 120
        while not list(tmp_path.glob("r/**/checkpoint.safetensors")) and time.monotonic() < deadline:
            time.sleep(0.1)
        while not _epoch_two(tmp_path) and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 130, output
    assert "Traceback" not in output
    said = " ".join(output.split())
    assert "What was reached is kept (fakes:WaitsForAFile:float32 after epoch 2 of 3)" in said
    assert "with --resume goes on" in said
    [folder] = tmp_path.glob("r/lecture/*/*/*/seed-0")
    assert len((folder / "curves.csv").read_text().splitlines()) == 3
    assert (folder / "curves.svg").exists()
    go.touch()
    done = run(*COMMAND, *options, "--resume", LENET_TEST_GO=str(go))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "gone on with" in done.stdout
    assert len((folder / "curves.csv").read_text().splitlines()) == 4


def _epoch_two(tmp_path: Path) -> bool:
    for path in tmp_path.glob("r/**/checkpoint.safetensors"):
        checkpoint = VariantFolder(path.parent.parent, "fakes:WaitsForAFile:float32").checkpoint()
        return checkpoint is not None and len(checkpoint.run.losses) == 2
    return False


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--resume", "--again"), "--resume goes on and --again begins anew; give one of them."),
        (("--learning-rate", "0"), "--learning-rate 0 is not positive."),
        (("--learning-rate", "nan"), "--learning-rate nan is not positive."),
        (("--backend", "pytorhc"), "There is no backend 'pytorhc'; did you mean pytorch"),
        (("--cifar10.1", "/nowhere"), "/nowhere/cifar10.1_v6_data.npy cannot be read"),
    ],
)
def test_bad_input_is_one_sentence(run: Run, tmp_path: Path, options: tuple[str, ...], sentence: str) -> None:
    done = run(*COMMAND, "--results", str(tmp_path / "r"), *options)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert not (tmp_path / "r").exists()
