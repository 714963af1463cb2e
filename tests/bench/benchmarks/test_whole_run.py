"""A whole run of the benchmarks writes every figure under its name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmark_run import BENCH, result
from command import Run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def finished(run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path, str]:
    """A whole run of two sound backends on made-up data."""
    folder = tmp_path_factory.mktemp("results")
    done = run(*BENCH, "--backend", "pytorch:eager", "--backend", "fakes:Sound", "--results", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return result(folder), folder, done.stdout


def test_every_figure_is_there_under_its_name(finished: tuple[dict[str, Any], Path, str]) -> None:
    content, _, _ = finished
    rows = {(b["extra_info"]["kind"], b["extra_info"]["backend"]): b for b in content["benchmarks"]}
    kinds = ("agreement", "first epoch", "epoch", "evaluation", "training")
    assert set(rows) == {(kind, backend) for kind in kinds for backend in ("pytorch", "fakes:Sound")}
    for row in rows.values():
        info = row["extra_info"]
        assert info["outcome"] == "passed"
        assert info["verdict"] == "equivalent"
        assert info["device"] == "cpu"
        assert info["data_fingerprint"].startswith("synthetic")
    first, epoch, evaluation = (
        rows[kind, "fakes:Sound"]["extra_info"] for kind in ("first epoch", "epoch", "evaluation")
    )
    assert all(len(first[key]) == 1 and first[key][0] >= 0 for key in first if key.endswith("seconds"))
    assert first["import_seconds"] <= first["start_seconds"]
    assert len(epoch["warmup_epoch_seconds"]) == 1  # for they are brief
    assert len(epoch["epoch_seconds"]) == len(epoch["control_seconds"]) == len(epoch["blocks"]) == 10
    assert set(epoch["ratios"]["pytorch:eager"]) == {"value"}, "of one block"
    assert epoch["peak_host_bytes"] > 10e6
    assert epoch["page_faults_per_step"] >= 0
    assert (epoch["work"]["epochs"], epoch["work"]["baseline"]) == (12, "pytorch:eager")
    assert 0 < epoch["work"]["share"] < 1
    assert len(evaluation["eval_seconds"]) == 10
    assert len(evaluation["warmup_eval_seconds"]) == 1
    assert evaluation["latency_seconds_batch_1"][0] > 0
    assert [list(block["courses"]) for block in content["blocks"]] == [["pytorch:eager", "fakes:Sound"]]
    assert content["run"]["complete"]
    limit = rows["epoch", "pytorch"]["extra_info"]
    assert limit["ceiling_share"] == pytest.approx(limit["floor_seconds"] / np.median(limit["epoch_seconds"]))
    assert "ceiling_share" not in epoch, "it has no probe"
    training = rows["training", "pytorch"]["extra_info"]
    assert len(training["accuracy_per_epoch"]) == len(training["losses"]) == 2
    assert training["final_accuracy"] == training["accuracy_per_epoch"][-1]
    assert training["recipe"] == "lecture[:2]"
    agreement = rows["agreement", "pytorch"]["extra_info"]
    assert agreement["parameters_total"] == sum(agreement["parameters"].values()) == 62_006


def test_pytest_benchmarks_statistics_are_of_the_workers_seconds(
    finished: tuple[dict[str, Any], Path, str],
) -> None:
    assert any(benchmark["extra_info"]["kind"] == "epoch" for benchmark in finished[0]["benchmarks"])
    for benchmark in finished[0]["benchmarks"]:
        if benchmark["extra_info"]["kind"] == "epoch":
            assert benchmark["stats"]["data"] == pytest.approx(benchmark["extra_info"]["epoch_seconds"], rel=1e-9)
            assert benchmark["options"]["timer"] == "reported_by_worker"


def test_figures_are_plain_numbers_and_not_text(finished: tuple[dict[str, Any], Path, str]) -> None:
    def numbers(value: Any) -> list[Any]:
        if isinstance(value, dict):
            return [x for v in value.values() for x in numbers(v)]
        return [x for v in value for x in numbers(v)] if isinstance(value, list) else [value]

    checked: list[Any] = []
    for benchmark in finished[0]["benchmarks"]:
        for key, value in benchmark["extra_info"].items():
            if key.endswith("seconds") or key in ("losses", "ratio", "accuracy_per_epoch", "parameters"):
                assert all(isinstance(x, (int, float)) for x in numbers(value)), key
                checked += numbers(value)
    assert checked


def test_both_backends_train_alike(finished: tuple[dict[str, Any], Path, str]) -> None:
    losses = [b["extra_info"]["losses"] for b in finished[0]["benchmarks"] if b["extra_info"]["kind"] == "training"]
    assert losses[0]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


def test_terminal_and_page_show_the_table(finished: tuple[dict[str, Any], Path, str]) -> None:
    _, folder, terminal = finished
    [path] = folder.glob("*/README.md")
    page = path.read_text()
    for text in ("pytorch:eager", "fakes:Sound", "equivalent"):
        assert text in terminal
        assert text in page
    assert "62,006" in page
    assert "made-up images" in page
    assert f"All tables: {path}" in terminal
    assert sorted(each.name for each in folder.iterdir()) == [path.parent.name], "nothing beside the machine's folder"
