"""An interrupted reproduction is resumed or begun anew, and never silently overwritten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.base.settings import Settings
from bench.lecture.folder import Elsewhere, VariantFolder, write_tensors
from impls.errors import LenetError
from reproductions import KEPT, OTHER, SOUND, Silent, interrupted, made, tree


@pytest.mark.slow
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
    assert other.run.test_losses == one.run.test_losses
    assert other.run.moved == one.run.moved
    assert other.run.confusion == one.run.confusion
    assert so_far.confusion == []
    assert len(one.run.test_losses) == len(one.run.moved) == 3
    assert one.params
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_backend_without_an_optimizers_state_begins_anew(settings: Settings) -> None:
    label = "fakes:CannotBeStopped:float32"
    stopped = interrupted(settings, 1, label)
    assert VariantFolder(stopped.folder, label).checkpoint_path.exists()  # what was reached is kept all the same
    with pytest.raises(LenetError, match=r"does not give out the optimizer's state \(export_optimizer\); begin anew"):
        made(settings, label, resume=True).run(Silent())
    made(settings, label, again=True).run(Silent())
