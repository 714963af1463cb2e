"""The script that plants a change plants what it says, and reads what the comparison found."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.benchmarks import planted_change
from command import ROOT
from made_up_builds import two_builds


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with the file that is changed, as it is here."""
    folder = tmp_path / "clone"
    path = folder / planted_change.FILE
    path.parent.mkdir(parents=True)
    shutil.copy(ROOT / planted_change.FILE, path)
    who = ("-c", "user.name=a", "-c", "user.email=a@localhost")
    for command in (("init", "--quiet"), ("add", "--all"), (*who, "commit", "--quiet", "--message", "one")):
        subprocess.run(["git", "-C", str(folder), *command], check=True, capture_output=True)
    return folder


def test_the_plant_is_a_commit_of_its_own(clone: Path) -> None:
    planted_change.plant(clone, 0.05)
    log = subprocess.run(["git", "-C", str(clone), "log", "--format=%s"], check=True, capture_output=True, text=True)
    assert log.stdout.split("\n")[:2] == ["Planted: 5% slower", "one"]
    text = (clone / planted_change.FILE).read_text()
    assert re.search(r"^class PyTorch\b", text, re.MULTILINE)
    compile(text, planted_change.FILE, "exec")


def test_the_plant_makes_an_epoch_longer_by_its_share() -> None:
    class PyTorch:
        def train_epoch(self, seconds: float) -> str:
            time.sleep(seconds)
            return "losses"

    slept: list[float] = []
    names = {"PyTorch": PyTorch}
    exec(planted_change.PLANT.format(share=0.05, name="PyTorch"), names)
    real, time.sleep = time.sleep, lambda seconds: slept.append(seconds)  # type: ignore[assignment]
    try:
        assert PyTorch().train_epoch(1.0) == "losses"
    finally:
        time.sleep = real
    assert slept[0] == 1.0
    assert 0 < slept[1] < 0.05  # a share of the time that passed, which was next to none


def test_what_was_found_is_told() -> None:
    found = two_builds(4, slower=1.3)
    assert planted_change.found_it(found)
    assert any(text.startswith("pytorch:eager epoch slower by +") for text in planted_change.told_apart(found))
    assert not planted_change.found_it(two_builds(5))
    assert planted_change.told_apart(two_builds(5)) == []
    assert not planted_change.found_it(two_builds(4, slower=1.3, labels=("flax:jit",)))


def test_a_comparison_that_fails_ends_the_script(tmp_path: Path) -> None:
    script = [sys.executable, "-m", "bench.benchmarks.planted_change", "--tries", "1", "--backend", "nobody"]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert "compare ended with exit code 2" in done.stderr
