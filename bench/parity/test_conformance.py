"""One test per rung of the ladder, for ``pytest --pyargs lenet_parity_conformance --backend ...``."""

from __future__ import annotations

import pytest

from bench.parity.explanation import explanation
from bench.parity.known_deviations import KnownDeviations
from bench.parity.rung_by_rung import Ladder
from bench.parity.rungs import RUNGS
from bench.parity.verdict import FAILED


@pytest.mark.parametrize("rung", RUNGS)
def test_rung(rung: str, ladder: Ladder, known_deviations: KnownDeviations) -> None:
    """The backend agrees with the oracle on this rung, but for what is listed."""
    result = ladder.take(rung)
    listed, _ = known_deviations.split(result)
    if result.status != FAILED:
        return
    if not known_deviations.covers(result):
        new = known_deviations.new_part(result)
        if not new.only:
            ladder.broken = rung
        sentence = f"only on {new.only}: {new.sentence}" if new.only else new.sentence
        pytest.fail("\n".join([sentence, *explanation(result, known_deviations)]), pytrace=False)
    pytest.xfail("; ".join(comparison.what for comparison in listed))
