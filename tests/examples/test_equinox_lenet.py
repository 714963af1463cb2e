"""The example of a third party's backend: short, right, and outside the suite."""

from __future__ import annotations

import pytest

from bench.parity.ladder import check
from bench.parity.oracle import Expected
from command import ROOT
from examples.equinox_lenet import EquinoxLeNet
from impls.data import Split


@pytest.mark.slow
def test_it_agrees(answers: Expected, made_up: tuple[Split, Split]) -> None:
    report = check(EquinoxLeNet(variant="default", device="cpu"), answers, *made_up)
    assert report.verdict == "equivalent", report.sentence


def test_it_is_short() -> None:
    assert len((ROOT / "examples" / "equinox_lenet.py").read_text().splitlines()) < 80
