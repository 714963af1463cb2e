"""How far a layer's weights moved, and how far the frameworks' are apart."""

from __future__ import annotations

import pytest

from bench.base.settings import Settings
from bench.lecture.filters import layers
from bench.lecture.folder import VariantFolder, folder_of, save_initial
from bench.training.loop import Checkpoint
from impls.spec import LECTURE, initial_params
from made_up_evidence import LAYERS, RISING, evidence, run
from stored_lecture_runs import gathered


def test_how_far_frameworks_are_apart_after_training(real_settings: Settings) -> None:
    start = initial_params(0)
    folder = folder_of(real_settings, LECTURE)
    for label, factor in (("pytorch:eager", 1.5), ("flax:jit", 1.25)):
        after = {name: factor * value for name, value in start.items()}
        VariantFolder(folder, label).finish(Checkpoint(run(RISING, label=label), after, None))
    [found] = gathered(real_settings)
    assert [layer.apart for layer in layers(found)] == [None] * 5  # what they started from is not stored
    save_initial(folder, start)
    [found] = gathered(real_settings)
    assert [layer.name for layer in layers(found)] == list(LAYERS)
    assert [layer.apart for layer in layers(found)] == pytest.approx([0.25] * 5, rel=1e-6)
    assert {tuple(layer.moved.values()) for layer in layers(found)} == {(0.5, 0.5)}
    assert layers(evidence(run(RISING, weight_change={}))) == []
