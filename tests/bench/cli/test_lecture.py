"""``lenet-bench lecture`` from outside: what it shows, how Ctrl-C ends it, and bad input."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

import side_by_side
from bench.base.cores import available_cores
from bench.lecture.folder import VariantFolder
from command import Run
from figure_files import SUFFIXES
from made_up_cifar10_1 import cifar10_1_in
from reproductions import F32, OTHER, SOUND, tree
from under_way import started

COMMAND = ("bench.cli", "lecture", "--synthetic", "400", "--device", "cpu", "--threads", "1", "--epochs", "3")


@pytest.mark.slow
def test_the_command_shows_what_the_lecture_shows(run: Run, tmp_path: Path) -> None:
    options = ("--backend", SOUND, "--results", str(tmp_path / "r"), "--machine", "m", "--schedule", "halving")
    done = run(*COMMAND, *options, "--cifar10.1", str(cifar10_1_in(tmp_path / "x")))
    assert done.returncode == 0, done.stdout + done.stderr
    for shown in ("training images  400 (made up)", "test images      200 (made up)", "halved after every 10 epochs"):
        assert shown in done.stdout
    folder = tmp_path / "r" / "lecture" / "m" / "made-up-400-images" / "lecture-3-halving" / "seed-0"
    content = json.loads((folder / F32 / "run.json").read_text())
    assert len(content["accuracy_per_epoch"]) == 3
    for epoch, accuracy in enumerate(content["accuracy_per_epoch"], start=1):
        assert f"{epoch}    {content['losses'][epoch - 1]:.4f}    {accuracy:7.2%}" in done.stdout
    assert f"total time {content['total_seconds']:.1f} s" in done.stdout
    assert "on CIFAR-10.1 v6, 20 images: " in done.stdout
    figures = {f"{name}{suffix}" for name in ("curves", "conv1", "conv2") for suffix in SUFFIXES}
    assert figures <= tree(folder)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "ignoring"), [(signal.SIGINT, ()), (signal.SIGINT, ("INT",)), (signal.SIGTERM, ("INT", "HUP"))]
)
def test_a_signal_keeps_what_was_reached_and_says_how_to_go_on(
    run: Run, tmp_path: Path, number: signal.Signals, ignoring: tuple[str, ...]
) -> None:
    go, options = tmp_path / "go", ("--backend", "fakes:WaitsForAFile", "--results", str(tmp_path / "r"))
    with started(*COMMAND, *options, ignoring=ignoring, LENET_TEST_GO=str(go)) as first:
        first.wait_for(lambda: _epoch_two(tmp_path))
        output = first.end(number)
    assert first.returncode == 128 + number, output
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


@pytest.mark.slow
def test_two_variants_of_two_seeds_are_trained_at_once(run: Run, tmp_path: Path) -> None:
    options = ("--backend", SOUND, "--backend", OTHER, "--seed", "3", "--seed", "4", "--results", str(tmp_path / "r"))
    with side_by_side.all_cores():
        if available_cores() < 2:
            pytest.skip("needs two cores")
        done = run(*COMMAND, *options, "--machine", "m", "--at-once", "2", "--threads", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "seeds 3, 4" in done.stdout
    for seed in (3, 4):
        folder = tmp_path / "r" / "lecture" / "m" / "made-up-400-images" / "lecture-3" / f"seed-{seed}"
        assert {SOUND, OTHER} == {line.split(",")[0] for line in (folder / "curves.csv").read_text().splitlines()[1:]}
        assert json.loads((folder / F32 / "run.json").read_text())["concurrent"] == 2
        assert f"seed {seed}    {SOUND}      3" in done.stdout


@pytest.mark.slow
def test_more_at_once_than_cores_is_refused(run: Run, tmp_path: Path) -> None:
    options = ("--backend", SOUND, "--backend", OTHER, "--results", str(tmp_path / "r"))
    done = run(*COMMAND, *options, "--at-once", "2")
    assert done.returncode == 2
    assert "--at-once 2 needs as many cores; there is 1 here." in " ".join(done.stderr.split())
