"""One test per rung of the ladder, for ``pytest --pyargs lenet_parity_conformance --backend ...``."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.parity.known_deviations import KnownDeviations
from bench.parity.rung_by_rung import Ladder
from bench.parity.rungs import RUNGS
from bench.parity.verdict import FAILED, Rung


@pytest.mark.parametrize("rung", RUNGS)
def test_rung(rung: str, ladder: Ladder, known_deviations: KnownDeviations) -> None:
    """The backend agrees with the oracle on this rung, but for what is listed."""
    result = ladder.take(rung)
    if result.status != FAILED:
        return
    listed, news = known_deviations.split(result)
    if news or not result.comparisons:
        ladder.broken = rung
        causes = [f"Looks like: {cause}." for cause in result.causes]
        new = replace(Rung.of(rung, news), comparisons=result.comparisons)
        pytest.fail("\n".join([new.sentence, *causes]), pytrace=False)
    pytest.xfail("; ".join(comparison.what for comparison in listed))
