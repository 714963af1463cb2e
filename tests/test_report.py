"""From stored JSON to tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run

from bench.report.load import devices, read_run
from bench.report.notes import overhead_text
from bench.report.pages import read_runs, write_pages
from bench.report.resources import resource_table
from bench.report.tables import (
    accuracy_table,
    ladder_table,
    main_table,
    ratio_text,
    trajectory_table,
)


def record(kind: str, label: str = "pytorch:eager", **figures: Any) -> dict[str, Any]:
    backend, variant = label.split(":")
    return {
        "schema": 1,
        "kind": kind,
        "backend": backend,
        "variant": variant,
        "device_name": "Abacus, 2 cores",
        "precision": "fp32",
        "data_fingerprint": "cifar10-x",
        "quick": False,
        "seed": 0,
        "verdict": "equivalent",
        "first_failed_rung": "",
        "versions": {"torch": "2.0"},
        **figures,
    }


def store(folder: Path, name: str, date: str, *records: dict[str, Any], **top: Any) -> Path:
    path = folder / "abacus" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "benchmarks": [{"extra_info": r} for r in records],
        "commit_info": {"id": "0123456789abcdef", "dirty": False},
        "datetime": date,
        **top,
    }
    path.write_text(json.dumps(content))
    return path


EPOCH = record("epoch", epoch_seconds=[4.0, 3.0, 5.0], images_per_second=12_500.0, first_epoch_seconds=6.0)
FLAX = record(
    "epoch",
    "flax:jit",
    epoch_seconds=[8.0, 8.2],
    images_per_second=6_172.8,
    first_epoch_seconds=12.0,
    baseline="pytorch:eager",
    baseline_seconds=[4.0, 4.1],
    ratio=2.0,
    ratio_low=1.9,
    ratio_high=2.1,
)
TRAINING = record("training", losses=[2.1, 1.9], accuracy_per_epoch=[0.284, 0.3217])


def cells(folder: Path) -> dict[str, dict[str, str]]:
    """The main table as variant -> column -> text."""
    [device] = devices(read_runs(folder))
    table = main_table(device)
    return {row[0]: dict(zip(table.header, row, strict=True)) for row in table.rows}


def test_a_row_says_what_was_stored(tmp_path: Path) -> None:
    store(tmp_path, "a", "2026-01-01", EPOCH, FLAX, TRAINING)
    rows = cells(tmp_path)
    torch, flax = rows["pytorch:eager"], rows["flax:jit"]
    assert torch["epoch, s"] == "4.00"
    assert torch["spread, s"] == "3.00–5.00 (3)"
    assert torch["images/s"] == "12,500"
    assert torch["accuracy after 1"] == "28.4%"
    assert torch["at the end"] == "32.2% (2 epochs)"
    assert torch["× pytorch:eager"] == "1"
    assert torch["agreement"] == "equivalent"
    assert flax["× pytorch:eager"] == "2.00 (1.90–2.10)"
    assert flax["accuracy after 1"] == "–"


def test_the_newest_row_wins_and_a_partial_run_replaces_only_its_own(tmp_path: Path) -> None:
    store(tmp_path, "b", "2026-01-01", EPOCH, FLAX)
    store(tmp_path, "a", "2026-01-02", EPOCH | {"epoch_seconds": [1.0]})
    rows = cells(tmp_path)
    assert rows["pytorch:eager"]["epoch, s"] == "1.00"
    assert rows["flax:jit"]["epoch, s"] == "8.10"


def test_a_quick_run_never_replaces_a_full_one(tmp_path: Path) -> None:
    store(tmp_path, "a", "2026-01-01", EPOCH)
    store(tmp_path, "b", "2026-01-02", EPOCH | {"quick": True, "epoch_seconds": [1.0]})
    assert cells(tmp_path)["pytorch:eager"]["epoch, s"] == "4.00"


@pytest.mark.parametrize("field", ["device_name", "precision", "data_fingerprint", "seed"])
def test_different_devices_precisions_data_and_seeds_never_share_a_table(tmp_path: Path, field: str) -> None:
    store(tmp_path, "a", "2026-01-01", EPOCH, FLAX | {field: 9 if field == "seed" else "synthetic-other"})
    assert [list(device.variants) for device in devices(read_runs(tmp_path))] in (
        [["pytorch:eager"], ["flax:jit"]],
        [["flax:jit"], ["pytorch:eager"]],
    )


def test_a_verdict_other_than_equivalent_is_shown_with_its_rung(tmp_path: Path) -> None:
    store(tmp_path, "a", "2026-01-01", EPOCH | {"verdict": "different", "first_failed_rung": "gradients"})
    assert cells(tmp_path)["pytorch:eager"]["agreement"] == "different (gradients)"


def test_figures_that_nothing_has_are_left_out(tmp_path: Path) -> None:
    store(tmp_path, "a", "2026-01-01", TRAINING)
    [device] = devices(read_runs(tmp_path))
    upright = main_table(device).upright()
    assert list(upright.header) == ["variant", "pytorch:eager"]
    assert [row[0] for row in upright.rows] == ["agreement", "accuracy after 1", "at the end"]


def test_no_row_hides_a_verdict_of_one_of_its_records(tmp_path: Path) -> None:
    store(tmp_path, "a", "2026-01-01", TRAINING, EPOCH | {"verdict": "different", "first_failed_rung": "loss"})
    assert cells(tmp_path)["pytorch:eager"]["agreement"] == "different (loss)"


def test_a_ratio_whose_interval_holds_1_is_not_quoted() -> None:
    def text(**ratio: float) -> str:
        return ratio_text({"ratios": {"y": ratio}}, "x", "y")

    assert text(value=1.02, low=0.98, high=1.06) == "not distinguishable (0.980–1.06)"
    assert text(value=1.5) == "1.50 (one pair)"
    assert text(value=0.06951, low=0.0672, high=0.072) == "0.0695 (0.0672–0.0720)"
    assert text(value=1.5, low=1.4, high=1.6) == "1.50 (1.40–1.60)"
    assert ratio_text({"ratios": {}}, "x", "y") == "–"


def test_what_a_variant_needs(tmp_path: Path) -> None:
    limit = {"ceiling_flops_per_second": 2e11, "ceiling_bytes_per_second": 3e10, "floor_seconds": 0.8}
    epoch = EPOCH | limit | {"peak_host_bytes": 1_500_000_000, "page_faults_per_step": 3.0, "ceiling_share": 0.2}
    latency = record("evaluation", eval_seconds=[0.4], latency_seconds_batch_1=[0.002, 0.004, 0.003])
    store(tmp_path, "a", "2026-01-01", epoch, latency)
    [device] = devices(read_runs(tmp_path))
    table = resource_table(device)
    assert table
    shown = {row[0]: row[1] for row in table.upright().rows}
    assert shown == {
        "latency of 1 image, ms": "3.00",
        "host memory, MB": "1,500",
        "page faults a step": "3",
        "large matrix product, GFLOP/s": "200",
        "large copy, GB/s": "30.0",
        "floor of an epoch, s": "0.8",
        "share of the limit reached": "20.0%",
    }


def test_what_was_not_steady_and_what_was_lost_is_on_the_page(tmp_path: Path) -> None:
    lost = [
        {"name": f"test_{kind}[x]", "outcome": "failed", "reason": "x fell over."} for kind in ("epoch", "training")
    ]
    store(tmp_path / "results", "a", "2026-01-01", EPOCH | {"warnings": ["rounds scatter by 30%"]}, lost=lost)
    page = write_pages(tmp_path / "results").read_text()
    assert "- pytorch:eager, epoch: rounds scatter by 30%." in page
    assert "not measured: test_epoch[x], test_training[x]: x fell over." in page


def test_other_tables(tmp_path: Path) -> None:
    rungs = [
        {"name": "data", "status": "passed", "measured": 0.0, "tolerance": 0, "where": ""},
        {
            "name": "loss",
            "status": "failed",
            "measured": 0.5,
            "tolerance": 1e-6,
            "where": "loss (first batch)",
        },
        {"name": "gradients", "status": "skipped", "measured": None, "tolerance": None, "where": ""},
    ]
    losses = {"losses": [2.0, 1.0], "oracle_losses": [2.0, 1.1], "twin_distances": [0.0, 1e-7]}
    store(
        tmp_path,
        "a",
        "2026-01-01",
        record("agreement", rungs=rungs, parameters={"conv1.bias": 6}, parameters_total=6, **losses),
        TRAINING,
        record("overhead", ratio=1.001, ratio_low=0.99, ratio_high=1.01, slice_seconds=[1, 2], steps=25),
    )
    [device] = devices(read_runs(tmp_path))
    accuracy, ladder, drift = accuracy_table(device), ladder_table(device), trajectory_table(device)
    assert accuracy is not None
    assert list(accuracy.rows[1]) == ["2", "1.9000", "32.17%"]
    assert ladder is not None
    assert [row[1] for row in ladder.rows] == ["exact", "FAILED: 5.0e-01 of 1.0e-06, loss (first batch)", "–"]
    assert drift is not None
    assert list(drift.rows[1]) == ["pytorch:eager from the oracle", "0"]
    assert "1.001 (95 % interval 0.990 to 1.010)" in (overhead_text(device) or "")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"benchmarks": [{}]}', '{"benchmarks": 3}'])
def test_an_unreadable_file_is_named_and_left_out(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store(tmp_path, "good", "2026-01-01", EPOCH)
    (tmp_path / "abacus" / "bad.json").write_text(content)
    assert len(read_runs(tmp_path)) == 1
    assert "bad.json is not a readable results file" in capsys.readouterr().err


def test_a_file_of_another_schema_is_named_and_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = store(tmp_path, "new", "2026-01-01", EPOCH | {"schema": 99})
    assert read_run(path) is None
    assert "new.json has results of schema 99, this version reads 1" in capsys.readouterr().err


def test_pages_are_written_from_the_files_alone_and_the_readme_follows(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- results: begin -->\nstale\n<!-- results: end -->\nafter\n")
    store(tmp_path / "results", "a", "2026-01-01", EPOCH, FLAX)
    write_pages(tmp_path / "results")
    first = readme.read_text()
    assert first.startswith("before\n")
    assert first.endswith("after\n")
    assert "stale" not in first
    assert "2.00 (1.90–2.10)" in first
    write_pages(tmp_path / "results")
    assert readme.read_text() == first


def test_committed_tables_are_what_the_committed_files_say(tmp_path: Path) -> None:
    """No number in a table was written by hand."""
    import shutil

    shutil.copytree(ROOT / "results", tmp_path / "results")
    (tmp_path / "bench").mkdir()
    for page in ("README.md", "bench/SPEED.md"):
        shutil.copy(ROOT / page, tmp_path / page)
    write_pages(tmp_path / "results")
    for page in (
        "README.md",
        "results/README.md",
        "results/speed/README.md",
        "results/lecture/README.md",
        "bench/SPEED.md",
    ):
        assert (tmp_path / page).read_text() == (ROOT / page).read_text(), f"run `lenet-bench report` for {page}"


# --- the command line -----------------------------------------------------------------------------------------


def test_report_command(run: Run, tmp_path: Path) -> None:
    store(tmp_path / "results", "a", "2026-01-01", EPOCH)
    done = run("bench.cli", "report", str(tmp_path / "results"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "results" / "README.md").read_text().count("pytorch:eager") > 0


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["report", "/no/such/folder"], "error: There is no folder /no/such/folder"),
        (["data", "--root", "/proc/none"], "error: The data folder /proc/none cannot be used"),
        (["dtaa"], "No such command 'dtaa'"),
    ],
)
def test_wrong_commands_are_a_sentence(run: Run, command: list[str], sentence: str) -> None:
    done = run("bench.cli", *command)
    assert done.returncode == 2
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_data_command_prints_counts_and_digests(run: Run, cifar10: object) -> None:
    done = run("bench.cli", "data")
    assert done.returncode == 0
    for text in ("50,000", "10,000", "sha256 9d5c2eddadb0", "fingerprint      cifar10-"):
        assert text in done.stdout
