"""A known allocation reads as that many bytes, and a figure that cannot be had costs no other."""

from __future__ import annotations

import pytest

from subjects import subject

pytestmark = pytest.mark.usefixtures("importable_fakes")


@pytest.mark.slow
def test_a_known_allocation_reads_as_that_many_bytes() -> None:
    peaks = []
    for name in ("fakes:Sound", "fakes:Allocates"):
        with subject(name) as one:
            one.epoch()
            peaks.append(one.closing_figures()[0]["peak_host_bytes"])
    assert peaks[1] - peaks[0] == pytest.approx(500e6, rel=0.1)


@pytest.mark.slow
def test_a_figure_that_cannot_be_had_costs_no_other() -> None:
    with subject("fakes:ProbesInVain") as one:
        one.epoch()
        found, missing = one.closing_figures()
    assert set(found) == {"latency_seconds_batch_1", "latency_seconds_batch_100", "peak_host_bytes"}
    assert missing == 3 * ["probe raised RuntimeError: no profiler here"]
