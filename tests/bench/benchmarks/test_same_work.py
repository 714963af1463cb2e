"""A backend that the ladder calls equivalent, and that trains something else when it is timed, has no rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmark_run import BENCH, result
from command import Run

pytestmark = pytest.mark.slow

AGAIN, STOPS = "half_work:FirstLossesAgain", "half_work:StopsAfterTheSecondEpoch"
SOUND = "fakes:Sound"
FIRST = {AGAIN: "in epoch 2, the loss of step 1 is", STOPS: "in epoch 3, the loss of step"}


@pytest.fixture(scope="module")
def finished(run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path, str]:
    folder = tmp_path_factory.mktemp("work")
    backends = [option for each in (AGAIN, STOPS, SOUND) for option in ("--backend", each)]
    done = run(*BENCH, "--wide", *backends, "--results", str(folder), COLUMNS="200")
    assert done.returncode == 1, done.stdout + done.stderr
    return result(folder), folder, " ".join((done.stdout + done.stderr).split())


@pytest.mark.parametrize("wrong", FIRST)
def test_its_rows_are_refused_with_what_differs(finished: tuple[dict[str, Any], Path, str], wrong: str) -> None:
    content, _, terminal = finished
    reasons = {lost["name"]: lost["reason"] for lost in content["lost"] if wrong in lost["name"]}
    assert set(reasons) == {f"test_{kind}[{wrong}]" for kind in ("first_epoch", "epoch", "evaluation", "training")}
    [reason] = set(reasons.values())
    what = "its timed epochs do not train what pytorch:eager trains, so its rows are refused"
    assert reason.startswith(f"{wrong}: {what}: {FIRST[wrong]}")
    assert reason in terminal
    assert "Traceback" not in terminal
    kinds = {b["extra_info"]["kind"] for b in content["benchmarks"] if b["extra_info"]["backend"] == wrong}
    assert kinds == {"agreement"}
    assert not content["run"]["complete"]


def test_the_ladder_alone_does_not_see_it(finished: tuple[dict[str, Any], Path, str]) -> None:
    verdicts = {b["extra_info"]["backend"]: b["extra_info"]["verdict"] for b in finished[0]["benchmarks"]}
    assert verdicts[STOPS] == verdicts[SOUND] == "equivalent"


def test_a_sound_backend_has_all_its_rows_and_says_how_near_it_came(
    finished: tuple[dict[str, Any], Path, str],
) -> None:
    content, folder, terminal = finished
    epochs = {
        b["extra_info"]["backend"]: b["extra_info"]
        for b in content["benchmarks"]
        if "page_faults_per_step" in b["extra_info"]
    }
    assert set(epochs) == {SOUND}
    assert epochs[SOUND]["work"]["share"] < 1
    assert epochs[SOUND]["work"]["epochs"] == epochs[SOUND]["work"]["trained"]
    [path] = folder.glob("*/README.md")
    page = path.read_text()
    for text in ("trained alike", "second epoch, s"):
        assert text in terminal
        assert text in page
    assert "% of allowed, " in page


def test_the_losses_are_not_stored(finished: tuple[dict[str, Any], Path, str]) -> None:
    [block] = finished[0]["blocks"]
    assert "trained" not in block
    assert set(block["courses"][SOUND]["work"]) == {"baseline", "twins", "epochs", "trained", "share", "where"}
