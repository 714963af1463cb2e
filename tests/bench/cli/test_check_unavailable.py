"""Check says in one sentence why a backend cannot run here."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from command import Run, finished


@pytest.mark.slow
def test_tf32_on_a_cpu_is_a_sentence_on_the_command_line(run: Run) -> None:
    done = run("bench.cli", "check", "pytorch", "--device", "cpu", "--precision", "tf32", "--synthetic", "200")
    assert done.returncode == 2
    assert "TF32 needs an NVIDIA GPU" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.slow
def test_the_command_says_it_without_a_traceback(tmp_path: Path) -> None:
    done = finished(
        [sys.executable, "-m", "bench.cli", "check", "pytorch:tuned", "--synthetic", "600"],
        env={"PATH": str(tmp_path), "HOME": str(tmp_path), "LENET_LOCK": str(tmp_path / "lock")},
    )
    assert done.returncode != 0
    assert "C++ compiler" in " ".join((done.stdout + done.stderr).split())
    assert "Traceback" not in done.stdout + done.stderr
