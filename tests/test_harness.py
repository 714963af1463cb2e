"""The harness from outside: what a run writes, and what becomes of workers that misbehave."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT, Run

from bench.measure.process import WorkerError, WorkerProcess
from impls import registry
from impls.errors import LenetError

BENCH = ("pytest", "bench", "--benchmark-only", "--quick", "--device", "cpu", "--synthetic", "400")


def result(folder: Path) -> dict[str, Any]:
    """The one results file under a folder."""
    [path] = folder.glob("*/*.json")
    return json.loads(path.read_text())


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
    ratio = epoch["ratios"]["pytorch:eager"]
    assert ratio["low"] <= ratio["value"] <= ratio["high"]
    assert epoch["peak_host_bytes"] > 10e6
    assert epoch["page_faults_per_step"] >= 0
    assert len(evaluation["eval_seconds"]) == 10
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
    for benchmark in finished[0]["benchmarks"]:
        if benchmark["extra_info"]["kind"] == "epoch":
            assert benchmark["stats"]["data"] == pytest.approx(benchmark["extra_info"]["epoch_seconds"], rel=1e-9)
            assert benchmark["options"]["timer"] == "reported_by_worker"


def test_figures_are_plain_numbers_and_not_text(finished: tuple[dict[str, Any], Path, str]) -> None:
    def numbers(value: Any) -> list[Any]:
        if isinstance(value, dict):
            return [x for v in value.values() for x in numbers(v)]
        return [x for v in value for x in numbers(v)] if isinstance(value, list) else [value]

    for benchmark in finished[0]["benchmarks"]:
        for key, value in benchmark["extra_info"].items():
            if key.endswith("seconds") or key in ("losses", "ratio", "accuracy_per_epoch", "parameters"):
                assert all(isinstance(x, (int, float)) for x in numbers(value)), key


def test_both_backends_train_alike(finished: tuple[dict[str, Any], Path, str]) -> None:
    losses = [b["extra_info"]["losses"] for b in finished[0]["benchmarks"] if b["extra_info"]["kind"] == "training"]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


def test_terminal_and_page_show_the_table(finished: tuple[dict[str, Any], Path, str]) -> None:
    _, folder, terminal = finished
    page = (folder / "README.md").read_text()
    for text in ("pytorch:eager", "fakes:Sound", "equivalent", "62,006"):
        assert text in terminal
        assert text in page
    assert "made-up images" in page


# --- workers that misbehave -----------------------------------------------------------------------------------


LOST = {
    "Raises": "train_epoch raised RuntimeError: the kernel fell over",
    "Dies": "was killed by SIGABRT, saying 'about to die', during train_epoch",
    "RunsOutOfMemory": "was killed by SIGKILL (out of memory, perhaps) during train_epoch",
    "Hangs": "did not finish train_epoch within 15 s and was stopped; allow more with --worker-timeout",
    "Grows": "and was stopped; allow more with --worker-memory",
    "DoesNotWait": "train_epoch returns before its device is idle: reading the parameters right after it takes 0.3 s",
    "LosesItself": "train_epoch returned a loss of nan at step 2 of 4",
    "WrongShape": "train_epoch's result is float32(3,) where float32(4,) in NumPy was agreed",
}


@pytest.fixture(scope="module")
def wounded(run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """A run in which worker after worker is lost, each in another way, and the last is sound."""
    folder = tmp_path_factory.mktemp("wounded")
    backends = [option for fake in (*LOST, "Sound") for option in ("--backend", f"fakes:{fake}")]
    done = run(
        *BENCH,
        *backends,
        "--results",
        str(folder),
        "--worker-timeout",
        "15",
        "--worker-memory",
        "1",
        "-k",
        "not training",
    )
    assert done.returncode == 1
    return result(folder), " ".join((done.stdout + done.stderr).split())


@pytest.mark.parametrize("fake", LOST)
def test_a_lost_worker_says_why(wounded: tuple[dict[str, Any], str], fake: str) -> None:
    content, terminal = wounded
    [lost] = [lost for lost in content["lost"] if lost["name"] == f"test_epoch[fakes:{fake}]"]
    assert LOST[fake] in lost["reason"]
    assert lost["reason"] in terminal
    assert "Traceback" not in terminal


def test_a_lost_worker_costs_nothing_but_its_own_rows(wounded: tuple[dict[str, Any], str]) -> None:
    """Its verdict and its first epoch had been measured before."""
    rows = {(b["extra_info"]["kind"], b["extra_info"]["backend"]) for b in wounded[0]["benchmarks"]}
    missing = {(kind, f"fakes:{fake}") for kind in ("epoch", "evaluation") for fake in LOST}
    kinds = ("agreement", "first epoch", "epoch", "evaluation")
    assert rows == {(kind, f"fakes:{fake}") for kind in kinds for fake in (*LOST, "Sound")} - missing
    assert len(wounded[0]["lost"]) == len(missing)
    assert not wounded[0]["run"]["complete"]


def test_a_backend_that_differs_fails_and_its_rows_say_so(run: Run, tmp_path: Path) -> None:
    options = ["--results", str(tmp_path), "--backend", "defects:NoBiasCorrection"]
    done = run(*BENCH, *options, "-k", "agreement or first_epoch")
    assert done.returncode == 1
    assert "defects:NoBiasCorrection is different, first on the rung 'optimizer':" in " ".join(done.stdout.split())
    outcomes = {b["extra_info"]["kind"]: b["extra_info"] for b in result(tmp_path)["benchmarks"]}
    assert outcomes["agreement"]["outcome"] == "failed"
    assert outcomes["first epoch"]["verdict"] == "different"
    assert outcomes["first epoch"]["first_failed_rung"] == "optimizer"


def test_a_precision_that_a_backend_does_not_offer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests"))
    [choice] = registry.choices("fakes:Sound")
    with WorkerProcess("sound", threads=1, timeout=60) as worker, pytest.raises(WorkerError) as caught:
        worker.call("start", choice, "cpu", "int8", None, 200)
    assert "does not offer int8; it offers fp32" in str(caught.value)
    assert isinstance(caught.value, LenetError)


# --- collecting, and options ----------------------------------------------------------------------------------


def test_collecting_imports_no_framework() -> None:
    code = (
        "import sys, pytest; code = pytest.main(['bench', '--collect-only', '-q']);"
        "found = [m for m in ('torch', 'jax', 'flax', 'torchvision') if m in sys.modules];"
        "sys.exit(f'imported {found}' if found else int(code))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "test_epoch[flax:scan]" in done.stdout


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--backend", "pytroch"], "There is no backend 'pytroch'; did you mean pytorch"),
        (["--backend", "flax:pmap"], "flax has no variant 'pmap'; it has jit, scan, tuned."),
        (["--device", "tpu"], "There is no device 'tpu'; choose cpu, cuda, auto."),
        (["--threads", "1000"], "--threads 1000 is not between 1 and"),
        (["--synthetic", "50"], "--synthetic 50 is not a multiple of 200."),
        (["--worker-timeout", "0"], "--worker-timeout takes a positive number of seconds."),
        (["--worker-memory", "-1"], "--worker-memory takes a positive number of GiB."),
        (["--blocks", "0"], "--blocks 0 is not 1 or more."),
    ],
)
def test_wrong_options_are_a_sentence(run: Run, options: list[str], sentence: str) -> None:
    done = run("pytest", "bench", "--benchmark-only", *options)
    assert done.returncode == 4
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_a_gpu_that_is_not_there(run: Run) -> None:
    from bench.measure.machine import gpu_name

    if gpu_name():
        pytest.skip("there is one")
    done = run("pytest", "bench", "--benchmark-only", "--device", "cuda")
    assert done.returncode == 4
    assert "no NVIDIA GPU that its driver can see; use --device cpu" in done.stderr


def test_data_that_cannot_be_had_stops_the_run(run: Run, tmp_path: Path) -> None:
    (tmp_path / "float32-v1").mkdir()
    done = run("pytest", "bench", "--benchmark-only", "--root", str(tmp_path), "--results", str(tmp_path / "r"))
    assert done.returncode == 2
    assert "no readable manifest" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_module_that_does_not_import_is_named(run: Run, tmp_path: Path) -> None:
    done = run(*BENCH, "--backend", "nosuch.module:Thing", "--results", str(tmp_path), "-k", "agreement")
    assert done.returncode == 1
    assert "nosuch.module:Thing: The module nosuch.module does not import" in " ".join(done.stdout.split())
    assert "Traceback" not in done.stdout
