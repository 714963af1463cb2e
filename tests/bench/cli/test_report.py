"""``lenet-bench report`` writes the pages."""

from __future__ import annotations

from pathlib import Path

from command import Run
from made_up_schema_1 import EPOCH, store


def test_report_command(run: Run, tmp_path: Path) -> None:
    store(tmp_path / "results", "a", "2026-01-01", EPOCH)
    done = run("bench.cli", "report", str(tmp_path / "results"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "results" / "README.md").read_text().count("pytorch:eager") > 0
