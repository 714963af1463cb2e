"""What the ladder concludes from its comparisons, and how it is written as JSON."""

from __future__ import annotations

from typing import Any

import pytest

import defects
from bench.parity.ladder import check
from bench.parity.oracle import Expected
from bench.parity.verdict import Measured, Rung
from ladder import RUNGS, Splits


def test_nan_is_never_within_tolerance() -> None:
    assert Measured(float("nan"), 1.0, "x").ratio == float("inf")
    assert Rung.of("forward", [Measured(0.0, 1.0, "a"), Measured(float("nan"), 1.0, "b")]).status == "failed"


def test_the_first_failure_speaks_for_a_rung_and_the_worst_comparison_where_none_fails() -> None:
    ok, worse = Measured(0.1, 1.0, "ok"), Measured(0.5, 1.0, "worse")
    assert Rung.of("x", [worse, ok]).where == "worse"
    failed = Rung.of("x", [ok, Measured(2.0, 1.0, "first"), Measured(9.0, 1.0, "second")])
    assert (failed.where, failed.failures) == ("first", 2)
    assert failed.sentence == "first is off by 2, and 1 is allowed; 1 more of the rung's 3 comparisons fails"


@pytest.mark.slow
def test_a_report_is_plain_json(answers: Expected, made_up: Splits) -> None:
    import json

    report = check(defects.NaiveLogSoftmax(), answers, *made_up)
    plain: list[dict[str, Any]] = [rung.as_dict(comparisons=True) for rung in report.rungs]
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    forward = plain[RUNGS.index("forward")]
    assert forward["measured"] is None  # infinity
    assert forward["place"]["case"] == "extreme logits"
    assert "nan" in forward["detail"] or "inf" in forward["detail"]
