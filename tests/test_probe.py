"""What frameworks say of a device: on a CPU for real, a GPU's profiles by stand-ins."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import pytest
import torch
from torch.autograd import DeviceType
from torch.profiler import ProfilerActivity, profile

from impls import jax_probe, registry, torch_probe
from impls.jax_probe import JaxProbe
from impls.probe import Activity, Probe
from impls.torch_probe import TorchProbe


@pytest.fixture(params=["torch fp32", "torch bf16", "jax fp32", "jax bf16"])
def probe(request: pytest.FixtureRequest) -> Probe:
    framework, precision = request.param.split()
    if framework == "torch":
        return TorchProbe(torch.device("cpu"), precision)
    return JaxProbe(jax.devices("cpu")[0], precision)


# --- on a CPU -------------------------------------------------------------------------------------------------


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


def test_a_copy_in_jax_is_one_and_takes_no_new_memory() -> None:
    program = jax_probe.onto_last(jnp.copy).lower(*jnp.ones((2, 1000))).compile().as_text()
    assert " copy(" in program
    assert "input_output_alias={ {}: (0" in program


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("pytorch:eager", TorchProbe),
        ("pytorch:lecture", TorchProbe),
        ("pytorch:cudagraph", TorchProbe),
        ("flax:jit", JaxProbe),
        ("reference:float32", type(None)),
    ],
)
def test_our_backends_have_their_frameworks_probe(name: str, kind: type) -> None:
    [choice] = registry.choices(name)
    assert isinstance(registry.load(choice)(variant=choice.variant or "", device="cpu").probe(), kind)


# --- activity -------------------------------------------------------------------------------------------------


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


def torch_event(name: str, start: float, end: float, device: Any = DeviceType.CUDA, annotation: bool = False) -> Any:
    return SimpleNamespace(
        name=name,
        time_range=SimpleNamespace(start=start, end=end),
        device_type=device,
        is_user_annotation=annotation,
    )


def test_torchs_events_are_read() -> None:
    events = [
        torch_event("Memcpy HtoD (Pageable -> Device)", 0, 10),
        torch_event("ampere_sgemm_128x64_tn", 5, 25),
        torch_event("void at::native::vectorized_elementwise_kernel<4>", 30, 40),
        torch_event("Memset (Device)", 40, 41),
        torch_event("Optimizer.step#Adam.step", 0, 1000, annotation=True),
        torch_event("cudaLaunchKernel", 0, 2000, device=DeviceType.CPU),
    ]
    found = torch_probe.activity_of(events)
    assert found.kernels == 2
    assert found.busy_seconds == pytest.approx(36e-6)


def test_torchs_real_events_have_what_is_read() -> None:
    with profile(activities=[ProfilerActivity.CPU], acc_events=True) as profiler:
        torch.ones(3) + 1
    events = profiler.events()
    assert torch_probe.activity_of(events) == Activity(0, 0)
    for event in events:
        event.device_type = DeviceType.CUDA
    found = torch_probe.activity_of(events)
    assert found.kernels == len(events) > 0
    assert 0 < found.busy_seconds < 1


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
    assert not [event for plane in recorded.planes for line in plane.lines for event in line.events]
