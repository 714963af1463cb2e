"""The probe of a device under JAX; it serves any backend in that framework."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
from jax.profiler import ProfileData, ProfileOptions

from impls.contract import Activity, Probe
from impls.flax.device import driver_of, name_of


class JaxProbe(Probe):
    """A device as JAX sees it.

    Args:
        device: the backend's.
        precision: "bf16" multiplies bfloat16 matrices; else they are float32, and whether TF32 is used is as the
            backend has set it.
    """

    def __init__(self, device: jax.Device, precision: str) -> None:
        self.device = device
        self.dtype = jnp.bfloat16 if precision == "bf16" else jnp.float32

    def matrix_product(self, size: int) -> Callable[[], None]:
        with jax.default_device(self.device):
            # Not all the same number: a GPU draws less power on those, and clocks higher.
            a, b = jax.random.uniform(jax.random.key(0), (2, size, size), self.dtype)
            return _in_place(jnp.matmul, jnp.zeros_like(a), a, b)

    def copy(self, elements: int) -> Callable[[], None]:
        with jax.default_device(self.device):
            return _in_place(jnp.copy, jnp.zeros(elements), jnp.ones(elements))

    def peak_bytes(self) -> int | None:
        return (self.device.memory_stats() or {}).get("peak_bytes_in_use")

    def activity(self, run: Callable[[], object]) -> Activity | None:
        if self.device.platform != "gpu":
            return None
        return activity_of(trace(run))

    def wait(self) -> None:
        jax.block_until_ready([each for each in jax.live_arrays(self.device.platform) if not each.is_deleted()])

    def device_name(self) -> str | None:
        return name_of(self.device)

    def driver(self) -> str | None:
        return driver_of(self.device)


def capability_of(device: jax.Device) -> tuple[int, int] | None:
    """The compute capability of an NVIDIA GPU; None of anything else."""
    if device.platform != "gpu":
        return None
    major, minor = device.compute_capability.split(".")
    return int(major), int(minor)


def _in_place(function: Callable[..., jax.Array], result: jax.Array, *operands: jax.Array) -> Callable[[], None]:
    step = onto_last(function)

    def run() -> None:
        nonlocal result
        result = step(result, *operands).block_until_ready()

    return run


def onto_last(function: Callable[..., jax.Array]) -> Any:
    """A function compiled to put its result where the last one is, which is its first argument and gone afterwards.

    New memory would be most of a copy's time on a CPU, where every page of it has to be mapped first.
    """
    return jax.jit(lambda _, *operands: function(*operands), donate_argnums=0, keep_unused=True)


def trace(run: Callable[[], object]) -> ProfileData:
    """What JAX's profiler records of the device, and not of the host, during ``run``."""
    options = ProfileOptions()
    options.host_tracer_level = options.python_tracer_level = 0
    with tempfile.TemporaryDirectory() as folder:
        with jax.profiler.trace(folder, profiler_options=options):
            run()
        [file] = Path(folder).rglob("*.xplane.pb")
        return ProfileData.from_file(str(file))


def activity_of(recorded: Any) -> Activity:
    """The GPU's activity in a `jax.profiler.ProfileData`, whose times are nanoseconds.

    A GPU's plane has a line for each stream, with what ran on it, and others that repeat the same by module and by
    operation.
    """
    return Activity.of_events(
        (event.name, event.start_ns / 1e9, event.end_ns / 1e9)
        for plane in recorded.planes
        if plane.name.startswith("/device:GPU")
        for line in plane.lines
        if line.name.startswith("Stream")
        for event in line.events
    )
