"""JAX's probe reads the device's activity from a profile."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import pytest

from impls.contract import Activity
from impls.flax import probe as jax_probe


def test_a_copy_in_jax_is_one_and_takes_no_new_memory() -> None:
    program = jax_probe.onto_last(jnp.copy).lower(*jnp.ones((2, 1000))).compile().as_text()
    assert " copy(" in program
    assert "input_output_alias={ {}: (0" in program


def jax_plane(name: str, **lines: list[tuple[str, float, float]]) -> Any:
    """Event times are (begin, end) in nanoseconds; an underscore in a line's name stands for a space."""
    return SimpleNamespace(
        name=name,
        lines=[
            SimpleNamespace(
                name=line.replace("_", " "),
                events=[SimpleNamespace(name=n, start_ns=begin, end_ns=end) for n, begin, end in events],
            )
            for line, events in lines.items()
        ],
    )


def test_jaxs_planes_are_read() -> None:
    kernels = [("input_multiply_fusion", 0.0, 20.0), ("sm90_xmma_gemm_f32f32", 30.0, 40.0)]
    copies = [("MemcpyD2H", 35.0, 45.0), ("Memset", 50.0, 51.0)]
    gpu = jax_plane("/device:GPU:0", Stream_14=kernels, Stream_15=copies, XLA_Modules=[("jit_step", 0.0, 500.0)])
    host = jax_plane("/host:CPU", Stream_1=[("PjitFunction", 0.0, 900.0)])
    found = jax_probe.activity_of(SimpleNamespace(planes=[host, gpu]))
    assert found.kernels == 2
    assert found.busy_seconds == pytest.approx(36e-9)


def test_jaxs_real_profile_has_what_is_read(tmp_path: Path) -> None:
    """A CPU's profile, and then its events on a GPU's stream."""
    with jax.profiler.trace(str(tmp_path)):
        jnp.ones(3).block_until_ready()
    [file] = tmp_path.rglob("*.xplane.pb")
    recorded = jax.profiler.ProfileData.from_file(str(file))
    assert jax_probe.activity_of(recorded) == Activity(0, 0)
    events = [event for plane in recorded.planes for line in plane.lines for event in line.events]
    stream = SimpleNamespace(name="Stream #1", events=events)
    found = jax_probe.activity_of(SimpleNamespace(planes=[SimpleNamespace(name="/device:GPU:0", lines=[stream])]))
    assert found.kernels == len(events) > 0
    assert 0 < found.busy_seconds < 10


def test_jaxs_profile_of_the_device_leaves_out_the_host() -> None:
    recorded = jax_probe.trace(lambda: jnp.ones(3).block_until_ready())
    assert list(recorded.planes)
    assert not [event for plane in recorded.planes for line in plane.lines for event in line.events]


GPU: Any = SimpleNamespace(platform="gpu", compute_capability="9.0", memory_stats=lambda: {"peak_bytes_in_use": 123})


def test_a_gpu_is_asked_for_its_capability_and_memory() -> None:
    assert jax_probe.capability_of(GPU) == (9, 0)
    assert jax_probe.capability_of(jax.devices("cpu")[0]) is None
    assert jax_probe.JaxProbe(GPU, "fp32").peak_bytes() == 123


def test_activity_is_that_of_the_run_on_a_gpu_and_absent_on_a_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def trace(run: Any) -> Any:
        run()
        return SimpleNamespace(planes=[jax_plane("/device:GPU:0", Stream_1=[("fusion", 0.0, 20.0)])])

    monkeypatch.setattr(jax_probe, "trace", trace)
    found = jax_probe.JaxProbe(GPU, "fp32").activity(lambda: ran.append("epoch"))
    assert (found, ran) == (Activity(20e-9, 1), ["epoch"])
    assert jax_probe.JaxProbe(jax.devices("cpu")[0], "fp32").activity(lambda: ran.append("epoch")) is None
    assert ran == ["epoch"]


def test_it_waits_for_all_that_jax_was_given() -> None:
    [cpu] = jax.devices("cpu")[:1]
    a = jnp.ones((1500, 1500))
    gone = jnp.ones(3)
    gone.delete()
    pending = [a]
    for _ in range(5):
        pending.append(pending[-1] @ a)
    jax_probe.JaxProbe(cpu, "fp32").wait()
    assert all(each.is_ready() for each in pending)
