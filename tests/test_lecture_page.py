"""The lecture's page: which stored files its claims rest on, and what is shown of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_up_results import row, store
from test_claims import LAYERS, RISING, evidence, run, shifted

from bench import stored_runs
from bench.lecture.claims import CLAIMS
from bench.lecture.evidence import STUDY, Evidence, gather, read_study
from bench.lecture.filters import layers
from bench.lecture.folder import Elsewhere, VariantFolder, folder_of, save_initial
from bench.lecture.schedules import schedules
from bench.report.hundred_epochs import draw_hundred_epochs
from bench.report.lecture_tables import (
    claims_table,
    elsewhere_table,
    filters_table,
    initial_table,
    rates_table,
    study_table,
)
from bench.report.load import devices
from bench.report.pages import read_runs, write_pages
from bench.settings import Settings
from bench.training import Checkpoint
from bench.training_run import TrainingRun
from impls.errors import LenetError
from impls.initial import initial_params
from impls.recipe import HUNDRED, HUNDRED_HALVING, LECTURE, lecture


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings([], "cpu", "fp32", 2, False, 0, 60.0, tmp_path / "results", "abacus")


def keep(settings: Settings, *runs: TrainingRun) -> None:
    """Store runs as ``lenet-bench lecture`` does."""
    for each in runs:
        own = replace(settings, seed=each.seed, synthetic=400 if "synthetic" in each.data_fingerprint else 0)
        recipe = lecture() if each.recipe == "lecture" else lecture(100)
        VariantFolder(folder_of(own, recipe), each.label).finish(Checkpoint(each, initial_params(0), None))


def gathered(settings: Settings) -> list[Evidence]:
    return gather(settings.results, devices(read_runs(settings.results)))


def test_evidence_is_of_one_device_real_data_and_fp32(settings: Settings) -> None:
    keep(settings, run(RISING), run(RISING, 1, data_fingerprint="synthetic-x"))
    for other in (
        run(RISING, 2, device_name="Abacus, 4 cores"),
        run(RISING, 3, precision="bf16"),
        run(RISING, 4, twin=True),
        run(RISING, 5),
    ):
        stored_runs.save(settings, other)
    found = {each.device: each for each in gathered(settings)}
    assert set(found) == {"Abacus, 2 cores", "Abacus, 4 cores"}
    here = found["Abacus, 2 cores"]
    assert [each.seed for each in here.of("pytorch", "lecture")] == [0, 5]
    assert [each.run.seed for each in here.lecture] == [0]
    assert here.totals == {"pytorch:eager": 35.0}
    assert found["Abacus, 4 cores"].lecture == []


@pytest.mark.parametrize("month", ["01", "03"])
def test_of_two_runs_from_one_seed_that_over_seeds_counts(settings: Settings, month: str) -> None:
    """So the audit rests on the runs that the tables of accuracy show."""
    keep(settings, run(RISING, date="2026-02-01T00:00:00+00:00"))
    stored_runs.save(settings, run(shifted(0.01), date=f"2026-{month}-01T00:00:00+00:00"))
    [found] = gathered(settings)
    assert [each.final_accuracy for each in found.of("pytorch", "lecture")] == [shifted(0.01)[-1]]


def test_a_framework_is_spoken_for_by_its_variant_with_the_most_seeds() -> None:
    few = [run(RISING, label="pytorch:eager")]
    many = [run(shifted(0.01), seed, "pytorch:tuned") for seed in range(3)]
    assert evidence(*few, *many).of("pytorch", "lecture") == many
    assert evidence(*few, *many).of("flax", "lecture") == []


def test_times_come_from_the_benchmark_and_from_runs_alone(settings: Settings) -> None:
    stored_runs.save(settings, run(RISING))
    rows = [row("epoch"), row("epoch", "flax:jit", precision="bf16"), row("agreement")]
    store(settings.results / "abacus" / "a.json", *rows)
    [found] = gathered(settings)
    assert found.epochs == {"pytorch:eager": row("epoch")["epoch_seconds"]}
    assert found.parameters == {"pytorch:eager": {"conv1.bias": 6}}
    assert found.totals == {}  # runs over seeds are trained side by side
    keep(settings, run(RISING, label="flax:jit", resumed_after=[3]))
    [found] = gathered(settings)
    assert found.totals == {}  # and one that was stopped compiled twice


@pytest.mark.parametrize("content", ["", "{}", '{"schema": 2, "steps": [1]}', '{"schema": 1, "steps": []}', "[]"])
def test_a_study_that_cannot_be_read_is_a_sentence(tmp_path: Path, content: str) -> None:
    assert read_study(tmp_path) is None
    (tmp_path / STUDY).write_text(content)
    with pytest.raises(LenetError, match=f"{STUDY} cannot be read"):
        read_study(tmp_path)


def study(**more: Any) -> dict[str, Any]:
    step = {"name": "wider", "change": "more channels", "parameters": 1_000_000, "epochs": 2, "batch_size": 100}
    step |= {"losses": [2.0, 1.0], "accuracy_per_epoch": [0.7, 0.81], "epoch_seconds": [1.0, 1.0], "passed_at": 2}
    about = {"device_name": "Abacus, 2 cores", "threads": 2, "seed": 0, "commit": "0123456789"}
    return {"schema": 1, **about, "steps": [step, step | {"name": "as it was", "passed_at": None}], **more}


def test_the_page_shows_all_of_it_and_is_made_from_files_alone(settings: Settings) -> None:
    keep(settings, run(RISING), run(shifted(0.001), label="flax:jit"), run([0.5, 0.6], recipe=HUNDRED))
    folder = folder_of(settings, LECTURE)
    (folder / "curves.svg").touch()
    VariantFolder(folder, "flax:jit").save_elsewhere(Elsewhere("CIFAR-10.1 v6", "x", 2000, 0.375))
    (settings.results / "lecture" / "abacus" / STUDY).write_text(json.dumps(study()))
    readme = settings.results.parent / "README.md"
    readme.write_text("before\n<!-- lecture: begin -->\nstale\n<!-- lecture: end -->\nafter\n")
    write_pages(settings.results)
    block = readme.read_text()
    assert 'src="results/lecture/abacus/lecture/seed-0/curves.svg"' in block
    assert "28% after the first epoch" in block
    assert block.startswith("before\n<!-- lecture: begin -->\n")
    assert block.endswith("<!-- lecture: end -->\nafter\n")
    assert "stale" not in block
    page = settings.results / "lecture" / "README.md"
    text = page.read_text()
    assert text.startswith("# The lecture, reproduced")
    assert 'src="abacus/lecture/seed-0/curves.svg"' in text
    assert "conv1.svg" not in text  # there is none
    assert text.index("### lecture, seed 0") < text.index("### lecture-100, seed 0")
    assert "| wider     | more channels  | 1,000,000" in text
    assert "Abacus, 2 cores, seed 0, commit `0123456789`" in text.replace(";", ",")
    assert "37.50% (CIFAR-10.1 v6, 2,000 images)" in text
    write_pages(settings.results)
    assert page.read_text() == text
    (settings.results / "lecture" / "abacus" / STUDY).unlink()
    VariantFolder(folder, "flax:jit").elsewhere_path.unlink()
    write_pages(settings.results)
    assert "Another test set" not in page.read_text()
    assert "What 80 % takes" not in page.read_text()


def test_where_nothing_was_trained_as_the_lecture_does_there_is_no_page(settings: Settings) -> None:
    stored_runs.save(settings, run(RISING))
    write_pages(settings.results)
    assert not (settings.results / "lecture").exists()
    keep(settings, run(RISING, data_fingerprint="synthetic-x"))
    write_pages(settings.results)
    assert not (settings.results / "lecture" / "README.md").exists()


def test_how_far_frameworks_are_apart_after_training(settings: Settings) -> None:
    start = initial_params(0)
    folder = folder_of(settings, LECTURE)
    for label, factor in (("pytorch:eager", 1.5), ("flax:jit", 1.25)):
        after = {name: factor * value for name, value in start.items()}
        VariantFolder(folder, label).finish(Checkpoint(run(RISING, label=label), after, None))
    [found] = gathered(settings)
    assert [layer.apart for layer in layers(found)] == [None] * 5  # what they started from is not stored
    save_initial(folder, start)
    [found] = gathered(settings)
    assert [layer.name for layer in layers(found)] == list(LAYERS)
    assert [layer.apart for layer in layers(found)] == pytest.approx([0.25] * 5, rel=1e-6)
    assert {tuple(layer.moved.values()) for layer in layers(found)} == {(0.5, 0.5)}
    assert layers(evidence(run(RISING, weight_change={}))) == []


def test_a_hundred_epochs_are_drawn_where_there_are_two_schedules_to_compare(settings: Settings) -> None:
    keep(settings, run(RISING), run([0.3, 0.6], recipe=HUNDRED))
    assert draw_hundred_epochs(settings.results) == []
    for label in ("pytorch:eager", "flax:jit"):
        stored_runs.save(settings, run([0.3, 0.5], label=label, recipe=HUNDRED_HALVING))
    [found] = gathered(settings)
    assert {name: len(runs) for name, runs in schedules(found).items()} == {
        "constant 1e-4 (1 run)": 1,
        "1e-4, halved every 10 epochs (2 runs)": 2,
    }
    paths = draw_hundred_epochs(settings.results)
    assert {path.name for path in paths} == {f"hundred-epochs{suffix}" for suffix in SUFFIXES}
    write_pages(settings.results)
    assert 'src="abacus/hundred-epochs.svg"' in (settings.results / "lecture" / "README.md").read_text()


SUFFIXES = (".svg", ".png", "-dark.svg", "-dark.png")

TABLES: list[Callable[[Evidence], Any]] = [filters_table, rates_table, initial_table, study_table, elsewhere_table]


def test_tables_of_nothing_are_none() -> None:
    assert [table(Evidence("x")) for table in TABLES] == [None] * 5
    assert len(claims_table(Evidence("x")).rows) == len(CLAIMS)
