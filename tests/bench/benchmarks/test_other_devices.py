"""A device that nobody has, in a backend that nobody has: from the check to the tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmark_run import result
from command import Run

pytestmark = pytest.mark.slow

BENCH = ("pytest", "bench", "--benchmark-only", "--quick", "--synthetic", "400")


def test_a_made_up_device_is_checked(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    done = run("bench.cli", "check", "other_devices:Abacus", "--synthetic", "400", "--json", str(path))
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(path.read_text())
    assert (found["device"], found["device_name"]) == ("abacus:0", "Abacus 3000")


def test_a_device_that_a_backend_lacks_is_one_sentence(run: Run) -> None:
    for name, device, sentence in (
        ("other_devices:Abacus", "mps", "'mps'; it runs on slide-rule or abacus:0 or cpu"),
        ("other_devices:Misnamed", "auto", "'My Chip' cannot be the name of a device"),
    ):
        done = run("bench.cli", "check", name, "--device", device, "--synthetic", "400")
        assert done.returncode == 2
        assert sentence in " ".join(done.stderr.split())
        assert "Traceback" not in done.stdout + done.stderr


def test_a_made_up_device_is_timed(run: Run, tmp_path: Path) -> None:
    done = run(*BENCH, "--backend", "other_devices:Abacus", "--results", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    content = result(tmp_path)
    [epoch] = [b["extra_info"] for b in content["benchmarks"] if b["extra_info"]["kind"] == "epoch"]
    assert (epoch["device"], epoch["device_name"]) == ("abacus:0", "Abacus 3000")
    assert epoch["energy_joules"] > 0
    assert "control_seconds" not in epoch
    assert any("runs on cpu and cuda alone" in warning for warning in epoch["warnings"])
    assert content["machine_info"]["gpu_driver"] == "7.1"
    assert "in use by other processes (4242)" in done.stdout + done.stderr
    assert (tmp_path / "abacus-3000").is_dir()
    assert "Abacus 3000" in (tmp_path / "abacus-3000" / "README.md").read_text()


def test_of_a_silent_probe_everything_is_absent(run: Run, tmp_path: Path) -> None:
    done = run(*BENCH, "--backend", "other_devices:Unknown", "--device", "chip", "--results", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    content = result(tmp_path)
    [epoch] = [b["extra_info"] for b in content["benchmarks"] if b["extra_info"]["kind"] == "epoch"]
    assert epoch["device_name"] == "chip"
    assert "energy_joules" not in epoch
    assert (tmp_path / "chip").is_dir()
