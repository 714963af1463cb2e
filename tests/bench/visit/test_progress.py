"""What a visit has stored is counted by what is in its files; logs and archives are no results."""

from __future__ import annotations

import json
from pathlib import Path

from bench.visit.progress import stored


def test_results_count_and_logs_do_not(tmp_path: Path) -> None:
    assert stored(tmp_path) == 0
    (tmp_path / "2026.json").write_text(json.dumps({"benchmarks": [1, 2], "blocks": [1]}))
    assert stored(tmp_path) == 4
    visit = tmp_path / "visit"
    visit.mkdir()
    (visit / "lockstep-fp32.json").write_text(json.dumps({"variants": {"a": {"1": {}, "4": {}}, "b": {}}}))
    assert stored(tmp_path) == 7
    for name in ("state.json", ".lock", "times.log", "slice.tar.gz"):
        (visit / name).write_text("{}")
    assert stored(tmp_path) == 7
    (tmp_path / "broken.json").write_text("[")
    (tmp_path / "list.json").write_text("[1]")
    assert stored(tmp_path) == 9
