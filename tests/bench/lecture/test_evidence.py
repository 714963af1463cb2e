"""Which stored files the lecture's claims rest on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.base.settings import Settings
from bench.lecture.evidence import STUDY, read_study
from bench.training import store as stored_runs
from impls.errors import LenetError
from impls.spec import parameter_counts
from made_up_evidence import RISING, evidence, run, shifted
from made_up_results import row, store
from stored_lecture_runs import gathered, keep


def test_evidence_is_of_one_device_real_data_and_fp32(real_settings: Settings) -> None:
    keep(real_settings, run(RISING), run(RISING, 1, data_fingerprint="synthetic-x"))
    for other in (
        run(RISING, 2, device_name="Abacus, 4 cores"),
        run(RISING, 3, precision="bf16"),
        run(RISING, 4, twin=True),
        run(RISING, 5),
    ):
        stored_runs.save(real_settings, other)
    found = {each.device: each for each in gathered(real_settings)}
    assert set(found) == {"Abacus, 2 cores", "Abacus, 4 cores"}
    here = found["Abacus, 2 cores"]
    assert [each.seed for each in here.of("pytorch", "lecture")] == [0, 5]
    assert [each.run.seed for each in here.lecture] == [0]
    assert here.totals == {"pytorch:eager": 35.0}
    assert found["Abacus, 4 cores"].lecture == []


@pytest.mark.parametrize("month", ["01", "03"])
def test_of_two_runs_from_one_seed_that_over_seeds_counts(real_settings: Settings, month: str) -> None:
    """So the audit rests on the runs that the tables of accuracy show."""
    keep(real_settings, run(RISING, date="2026-02-01T00:00:00+00:00"))
    stored_runs.save(real_settings, run(shifted(0.01), date=f"2026-{month}-01T00:00:00+00:00"))
    [found] = gathered(real_settings)
    assert [each.final_accuracy for each in found.of("pytorch", "lecture")] == [shifted(0.01)[-1]]


def test_a_framework_is_spoken_for_by_its_variant_with_the_most_seeds() -> None:
    few = [run(RISING, label="pytorch:eager")]
    many = [run(shifted(0.01), seed, "pytorch:tuned") for seed in range(3)]
    assert evidence(*few, *many).of("pytorch", "lecture") == many
    assert evidence(*few, *many).of("flax", "lecture") == []


def test_times_come_from_the_benchmark_and_from_runs_alone(real_settings: Settings) -> None:
    stored_runs.save(real_settings, run(RISING))
    rows = [row("epoch"), row("epoch", "flax:jit", precision="bf16"), row("agreement")]
    store(real_settings.results / "abacus" / "a.json", *rows)
    [found] = gathered(real_settings)
    assert found.epochs == {"pytorch:eager": row("epoch")["epoch_seconds"]}
    assert found.parameters == {"pytorch:eager": {"conv1.bias": 6}}
    assert found.totals == {}  # runs over seeds are trained side by side
    keep(real_settings, run(RISING, label="flax:jit", resumed_after=[3]))
    [found] = gathered(real_settings)
    assert found.totals == {}  # and one that was stopped compiled twice


def test_epochs_are_of_the_run_that_timed_the_most_variants(real_settings: Settings) -> None:
    stored_runs.save(real_settings, run(RISING))
    store(real_settings.results / "abacus" / "a.json", row("epoch"), row("epoch", "flax:jit"))
    later = {"datetime": "2026-01-02T00:00:00+00:00"}
    store(
        real_settings.results / "abacus" / "b.json",
        row("epoch", "flax:scan", epoch_seconds=[9.0, 9.0, 9.0, 9.0]),
        **later,
    )
    [found] = gathered(real_settings)
    assert set(found.epochs) == {"pytorch:eager", "flax:jit"}


@pytest.mark.parametrize("content", ["", "{}", '{"schema": 2, "steps": [1]}', '{"schema": 1, "steps": []}', "[]"])
def test_a_study_that_cannot_be_read_is_a_sentence(tmp_path: Path, content: str) -> None:
    assert read_study(tmp_path) is None
    (tmp_path / STUDY).write_text(content)
    with pytest.raises(LenetError, match=f"{STUDY} cannot be read"):
        read_study(tmp_path)


def test_parameters_that_nobody_counted_are_no_evidence(real_settings: Settings) -> None:
    """Rows used to state the specification's numbers, whatever a backend gave out."""
    stored_runs.save(real_settings, run(RISING))
    failed = {"verdict": "different", "first_failed_rung": "contract"}
    counted = parameter_counts() | {"fc1.bias": 121}
    rows = [
        row("agreement", "pytorch:eager", parameters=parameter_counts()),
        row("agreement", "flax:jit", parameters=parameter_counts(), **failed),
        row("agreement", "flax:scan", parameters=counted, **failed),
    ]
    store(real_settings.results / "abacus" / "a.json", *rows)
    [found] = gathered(real_settings)
    assert found.parameters == {"pytorch:eager": parameter_counts(), "flax:scan": counted}
