"""Is it the same computation? The parity ladder, per variant; its time is the ladder's own."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench.base.settings import Settings
from bench.pytest_plugin.reported_seconds import clock, hand_over
from bench.results import row
from bench.worker.agreement import Agreements
from impls.registry import Choice
from impls.spec import parameter_counts


@pytest.mark.benchmark(group="agreement: the parity ladder", timer=clock)
def test_agreement(benchmark: BenchmarkFixture, choice: Choice, agreements: Agreements, settings: Settings) -> None:
    """Climb the ladder, and fail with the first rung that failed."""
    agreement = agreements.of(choice)
    assert agreement.report
    hand_over(benchmark, [agreement.seconds])
    counts = agreement.parameters or parameter_counts()  # where it gave out none, which the contract's rung says
    figures: dict[str, Any] = {
        "rungs": [rung.as_dict() for rung in agreement.report.rungs],
        "losses": agreement.report.losses,
        "oracle_losses": agreements.expected.trajectory.tolist(),
        "twin_distances": agreements.expected.twins.max(axis=0).tolist(),
        "parameters": counts,
        "parameters_total": sum(counts.values()),
    }
    benchmark.extra_info.update(row.common("agreement", settings, agreement), **figures)
    if agreement.verdict != "equivalent":
        pytest.fail(f"{choice.label} is {agreement.report.sentence}.", pytrace=False)
