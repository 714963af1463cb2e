"""A quick run of the benchmarks on made-up data, as a user starts it, and what it has written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

BENCH = ("pytest", "bench", "--benchmark-only", "--quick", "--device", "cpu", "--synthetic", "400")
WITHOUT_TRAINING = (*BENCH, "-k", "not training")


def result(folder: Path) -> dict[str, Any]:
    """The one results file under a folder."""
    [path] = folder.glob("*/*.json")
    return json.loads(path.read_text())
