"""A run is trained from the right parameters, with the right seed, and tells of every epoch."""

from __future__ import annotations

import pytest

from bench.base.settings import Settings
from bench.training import loop, starts
from impls import registry
from impls.spec import initial_params
from recorder import Recorder
from short_trainings import RECIPE, SOUND


@pytest.mark.parametrize("twin", [False, True])
def test_a_twin_is_trained_from_nudged_parameters_and_nothing_else_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, twin: bool
) -> None:
    monkeypatch.setattr(loop, "Subject", Recorder)
    [choice] = registry.choices(SOUND)
    told: list[tuple[int, float, float, float]] = []
    run = loop.train(choice, settings, RECIPE, seed=5, twin=twin, on_epoch=lambda *epoch: told.append(epoch))
    start = Recorder.latest.loaded[-1]
    expected = starts.twin_params(5) if twin else initial_params(5)
    assert expected
    assert all((start[name] == expected[name]).all() for name in expected)
    assert Recorder.latest.settings.seed == run.seed == 5
    assert (run.twin, run.title) == (twin, SOUND + (" twin" if twin else ""))
    assert told == [(1, 1.0, 0.25, 1.0), (2, 1.0, 0.25, 1.0)]
    assert run.total_seconds == 3.0
    assert run.weight_change == pytest.approx(dict.fromkeys(expected, 1.0))
