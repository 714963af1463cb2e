"""The audit of the lecture's claims, where nothing was measured."""

from __future__ import annotations

from bench.lecture.claims import CLAIMS, audit
from bench.lecture.claims.finding import NOT_MEASURED
from bench.lecture.evidence import Evidence


def test_of_nothing_nothing_is_claimed() -> None:
    found = audit(Evidence("Abacus"))
    assert len(found) == len(CLAIMS) == 16
    assert {each.verdict for each in found} == {NOT_MEASURED}
    assert not any(each.remark for each in found)
