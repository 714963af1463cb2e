"""What the ladder concludes from its comparisons, and how it is written as JSON."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

import defects
from bench.parity.ladder import check
from bench.parity.oracle import Expected
from bench.parity.rungs.base import Kind
from bench.parity.verdict import FAILED, INCONCLUSIVE, PASSED, REPORTED, SKIPPED, Measured, Report, Rung
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


def test_a_rung_that_compared_nothing_fails() -> None:
    rung = Rung.of("data", [], seconds=1.0)
    assert (rung.status, rung.sentence, rung.failures) == ("failed", "nothing was compared", 1)
    assert Report([Rung("contract", PASSED), rung]).sentence == (
        "different, first on the rung 'data': nothing was compared"
    )
    assert rung.as_dict(comparisons=True)["measured"] is None


def test_a_kind_of_rung_that_compares_nothing_fails() -> None:
    kind = Kind("data", "the claim", lambda climb: [], "nowhere", lambda climb, failed: ["no cause is asked for"])
    rung = kind.climb(SimpleNamespace())  # type: ignore[arg-type]
    assert (rung.status, rung.where, rung.causes) == ("failed", "nothing was compared", [])


@pytest.mark.parametrize(
    ("statuses", "verdict"),
    [
        ((), "inconclusive"),
        ((REPORTED,), "inconclusive"),
        ((SKIPPED,), "inconclusive"),
        ((PASSED, SKIPPED), "inconclusive"),
        ((PASSED, INCONCLUSIVE), "inconclusive"),
        ((PASSED, REPORTED), "equivalent"),
        ((PASSED, SKIPPED, FAILED), "different"),
    ],
)
def test_only_rungs_that_were_taken_make_a_backend_equivalent(statuses: tuple[str, ...], verdict: str) -> None:
    report = Report([Rung(f"rung {k}", status) for k, status in enumerate(statuses)])
    assert report.verdict == verdict
    assert report.sentence.startswith({"inconclusive": "not decided: "}.get(verdict, verdict))


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
