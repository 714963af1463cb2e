"""A reproduction of the lecture: what it trains, what it keeps, and what it looks at afterwards."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from bench.base.settings import Settings
from bench.lecture.folder import Elsewhere, VariantFolder, read_params
from bench.lecture.reproduce import Reproduction
from bench.training import store
from bench.worker.process import WorkerError
from impls import registry
from impls.data import cifar10_1
from impls.spec import initial_params, lecture
from made_up_cifar10_1 import cifar10_1_in
from reproductions import F32, KEPT, OTHER, SOUND, Silent, made, no_figures, tree


@pytest.mark.slow
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
    assert expected
    assert all((start[name] == expected[name]).all() for name in expected)
    run = store.read(first.folder / F32 / "run.json")
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
    assert [float(row["test_loss"]) for row in rows[:3]] == run.test_losses
    assert all(62_006 * 0.5 < moved <= 62_006 for moved in run.moved)
    right = sum(row[k] for k, row in enumerate(run.confusion)) / sum(map(sum, run.confusion))
    assert right == pytest.approx(run.final_accuracy)

    again, view = made(settings, SOUND, OTHER), Silent()
    again.run(view)
    assert view.told == [("end", SOUND, True), ("end", OTHER, True)]
    assert again.reached[SOUND].run == run
    assert final
    assert all((again.reached[SOUND].params[name] == final[name]).all() for name in final)
    anew, view = made(settings, SOUND, again=True), Silent()
    anew.run(view)
    assert view.told[0] == ("begin", SOUND, 0, "")


@pytest.mark.slow
def test_a_lost_worker_costs_only_what_it_had_not_reached(settings: Settings) -> None:
    raises = "fakes:Raises:float32"  # in its third epoch
    found = made(settings, raises, SOUND)
    with pytest.raises(WorkerError, match="the kernel fell over"):
        found.run(Silent())
    found.write(no_figures)
    assert [len(each.run.losses) for each in found.reached.values()] == [2, 3]
    assert VariantFolder(found.folder, raises).checkpoint_path.exists()
    assert VariantFolder(found.folder, SOUND).final_path.exists()


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


@pytest.mark.slow
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
