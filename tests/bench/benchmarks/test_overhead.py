"""The harness's overhead is measured in several processes, and its interval is over them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bench.benchmarks import test_overhead as overhead
from subjects import settings


class Bench:
    """As much of pytest-benchmark's fixture as a row needs."""

    def __init__(self) -> None:
        self.extra_info: dict[str, Any] = {}


def measured(monkeypatch: pytest.MonkeyPatch, processes: list[tuple[list[float], list[float]]]) -> dict[str, Any]:
    """The row of these slices of the harness and of the bare loop, in each process."""
    found, waiting = Bench(), iter(processes)
    monkeypatch.setattr(overhead, "PROCESSES", len(processes))
    monkeypatch.setattr(overhead, "slices", lambda *_: next(waiting))
    monkeypatch.setattr(overhead, "hand_over", lambda *_: None)
    monkeypatch.setattr(overhead.row, "common", lambda *_: {})
    agreements: Any = SimpleNamespace(of=lambda choice: SimpleNamespace(choice=choice))
    overhead.test_overhead(found, agreements, settings("pytorch:eager"))  # type: ignore[arg-type]
    return found.extra_info


def test_slices_of_one_process_are_no_replicates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes whose slices hardly scatter, one a tenth faster and one a tenth slower than the bare loop."""
    faster, slower = ([0.9, 0.901, 0.899], [1.0, 1.0, 1.0]), ([1.1, 1.101, 1.099], [1.0, 1.0, 1.0])
    found = measured(monkeypatch, [faster, slower])
    assert found["blocks"] == [0, 0, 0, 1, 1, 1]
    assert found["ratio_low"] < 0.5, "two processes that differ by so much say little"
    assert found["ratio_high"] > 2
    one = measured(monkeypatch, [faster])
    assert one["ratio"] == pytest.approx(0.9, rel=1e-3)
    assert "ratio_low" not in one


@pytest.mark.slow
def test_both_loops_take_slices_in_a_fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overhead, "SLICES", 4)
    asked = settings("pytorch:eager")
    ours, theirs = overhead.slices(asked.choices[0], asked, 2)
    assert len(ours) == len(theirs) == 4
    assert min(ours + theirs) > 0
