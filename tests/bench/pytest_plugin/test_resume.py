"""An unfinished run is resumed where it stopped, if the code is still the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.base.code_digest import harness_digest
from bench.pytest_plugin import resume
from bench.timing.block import Block
from benchmark_run import WITHOUT_TRAINING, result
from command import Run
from impls import registry
from impls.errors import LenetError
from made_up_blocks import course
from made_up_results import content
from subjects import settings as asked


def test_blocks_from_the_first_with_a_failure_on_are_measured_again() -> None:
    whole, broken = Block({"a": course(1.0)}, [1.0]), Block({"a": course(1.0, error="it broke")}, [1.0])
    assert resume.whole([b.as_dict() for b in (whole, whole, broken, whole)]) == [whole, whole]


@pytest.mark.slow
def test_only_what_was_lost_is_measured_again(run: Run, tmp_path: Path) -> None:
    go = tmp_path / "go"
    command = (
        *WITHOUT_TRAINING,
        "--results",
        str(tmp_path),
        "--backend",
        "fakes:Sound",
        "--backend",
        "fakes:NeedsAFile",
    )
    assert run(*command, LENET_TEST_GO=str(go)).returncode == 1
    before = result(tmp_path)["benchmarks"]
    go.touch()
    assert run(*command, "--resume", LENET_TEST_GO=str(go)).returncode == 0
    after = result(tmp_path)
    assert after["benchmarks"][: len(before)] == before
    missing = [b["name"] for b in after["benchmarks"][len(before) :]]
    assert missing == ["test_epoch[fakes:NeedsAFile]", "test_evaluation[fakes:NeedsAFile]"]
    assert [list(block["courses"]) for block in after["blocks"]] == [["pytorch:eager", "fakes:NeedsAFile"]]


@pytest.mark.slow
def test_a_run_of_other_code_is_not_gone_on_with(run: Run, tmp_path: Path) -> None:
    done = run(*WITHOUT_TRAINING, "--results", str(tmp_path), "--backend", "nosuch.module:Thing")
    assert done.returncode == 1
    [path] = tmp_path.glob("*/*.json")
    content = json.loads(path.read_text())
    assert not content["run"]["complete"]
    path.write_text(json.dumps(content | {"run": content["run"] | {"code": "0123"}}))
    done = run(*WITHOUT_TRAINING, "--results", str(tmp_path), "--backend", "nosuch.module:Thing", "--resume")
    assert done.returncode == 4
    assert f"The code has changed since {path} was written" in done.stderr
    path.write_text(path.read_text()[:500])
    done = run(*WITHOUT_TRAINING, "--results", str(tmp_path), "--backend", "nosuch.module:Thing", "--resume")
    assert done.returncode == 4
    assert f"{path} is not a results file of this suite (it is not whole JSON: " in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_blocks_beside_another_control_are_not_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = asked("fakes:Sound")
    settings = replace(settings, results=tmp_path, machine="abacus")
    run = {"schema": 2, "complete": False, "options": settings.as_dict(), "code": harness_digest()}
    blocks = [Block({"fakes:Sound": course(1.0)}, [1.0], control="NumPy loop").as_dict()]
    path = tmp_path / "abacus" / "2026.json"
    path.parent.mkdir()
    path.write_text(json.dumps(content(run=run, blocks=blocks)))
    with pytest.raises(LenetError, match=r"was measured beside the NumPy loop, and .* PyTorch loop; start anew"):
        resume.newest_unfinished(settings)
    monkeypatch.setattr(registry, "not_installed", list)
    assert len(resume.newest_unfinished(settings).blocks) == 1
