"""JAX's devices: those that nobody here has end in a sentence."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from impls.errors import DeviceUnavailableError
from impls.flax import device


def test_a_missing_tpu_is_one_sentence() -> None:
    with pytest.raises(DeviceUnavailableError, match=r"JAX finds no tpu device \(.*\); install jax\[tpu\]"):
        device.device_named("tpu")


def test_a_tpu_is_named_and_what_the_harness_knows_is_left_to_it() -> None:
    client = SimpleNamespace(platform_version="TFRT TPU v4\nBuilt on Nov 1")
    tpu: Any = SimpleNamespace(platform="tpu", device_kind="TPU v4", client=client)
    assert (device.name_of(tpu), device.driver_of(tpu)) == ("TPU v4", "TFRT TPU v4 Built on Nov 1")
    gpu: Any = SimpleNamespace(platform="gpu", device_kind="Abacus", client=client)
    assert (device.name_of(gpu), device.driver_of(gpu)) == (None, None)
