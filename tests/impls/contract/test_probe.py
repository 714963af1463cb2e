"""Busy time is the union of intervals, and both frameworks' probes keep the contract on a CPU."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import pytest
import torch

from impls.contract import Activity, Probe
from impls.flax.probe import JaxProbe
from impls.pytorch.probe import TorchProbe


@pytest.fixture(params=["torch fp32", "torch bf16", "jax fp32", "jax bf16"])
def probe(request: pytest.FixtureRequest) -> Probe:
    framework, precision = request.param.split()
    if framework == "torch":
        return TorchProbe(torch.device("cpu"), precision)
    return JaxProbe(jax.devices("cpu")[0], precision)


def test_products_and_copies_can_be_called_again_and_again(probe: Probe) -> None:
    for run in (probe.matrix_product(64), probe.copy(1000)):
        assert [run(), run(), run()] == [None] * 3


def test_a_cpu_has_no_count_of_memory(probe: Probe) -> None:
    probe.copy(1000)()
    assert probe.peak_bytes() is None


def test_nothing_is_run_for_a_cpus_activity(probe: Probe) -> None:
    assert probe.activity(lambda: pytest.fail("it was called")) is None


@pytest.mark.parametrize(
    ("precision", "torch_dtype", "jax_dtype"),
    [
        ("fp32", torch.float32, jnp.float32),
        ("tf32", torch.float32, jnp.float32),
        ("bf16", torch.bfloat16, jnp.bfloat16),
    ],
)
def test_products_are_in_the_backends_precision(precision: str, torch_dtype: Any, jax_dtype: Any) -> None:
    assert TorchProbe(torch.device("cpu"), precision).dtype == torch_dtype
    assert JaxProbe(jax.devices("cpu")[0], precision).dtype == jax_dtype


@pytest.mark.parametrize(
    ("intervals", "busy"),
    [
        ([], 0),
        ([(1, 3)], 2),
        ([(1, 3), (2, 5)], 4),  # overlapping
        ([(1, 9), (2, 3), (4, 5)], 8),  # nested
        ([(1, 2), (2, 3)], 2),  # touching
        ([(7, 8), (1, 2), (4, 5)], 3),  # unsorted
        ([(1, 2), (1, 2), (3, 3)], 1),  # twice, and of no length
    ],
)
def test_busy_is_the_union_of_the_intervals(intervals: list[tuple[float, float]], busy: float) -> None:
    assert Activity.of(intervals, 3) == Activity(busy, 3)
