"""The device's ceilings are those that the backend's probe reaches."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pytest

from bench.worker import limits
from impls.contract import Activity, Probe


class Sleeper(Probe):
    """Takes 20 ms for a product and 10 ms for a copy, of whatever size."""

    def matrix_product(self, size: int) -> Callable[[], None]:
        return partial(time.sleep, 0.02)

    def copy(self, elements: int) -> Callable[[], None]:
        return partial(time.sleep, 0.01)

    def peak_bytes(self) -> int | None:
        return None

    def activity(self, run: Callable[[], object]) -> Activity | None:
        return None


def test_ceilings_are_those_of_the_probe() -> None:
    found = limits.measure(Sleeper(), "cpu")
    assert found["ceiling_flops_per_second"] == pytest.approx(2 * 2048**3 / 0.02, rel=0.1)
    assert found["ceiling_bytes_per_second"] == pytest.approx(2 * 4 * 2**26 / 0.01, rel=0.1)
