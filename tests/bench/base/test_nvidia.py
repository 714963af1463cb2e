"""The GPU that the driver is asked about is the one that CUDA would use."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest

from bench.base import devices, machine, nvidia
from bench.timing import stability
from impls.errors import DeviceUnavailableError
from made_up_driver import Driver

Installed = Callable[..., Driver]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Installed]:
    """Puts a driver in the place of NVIDIA's, and a value of CUDA_VISIBLE_DEVICES, None for none."""

    def install(driver: Driver, visible: str | None = None) -> Driver:
        monkeypatch.setitem(sys.modules, "pynvml", driver)
        monkeypatch.delenv(nvidia.VISIBLE, raising=False)
        if visible is not None:
            monkeypatch.setenv(nvidia.VISIBLE, visible)
        nvidia.gpu_name.cache_clear()
        return driver

    yield install
    nvidia.gpu_name.cache_clear()


@pytest.mark.parametrize(
    ("visible", "gpu"),
    [
        (None, "GPU-8f3a-0"),
        ("0", "GPU-8f3a-0"),
        ("1", "GPU-8f3b-1"),
        ("1,0", "GPU-8f3b-1"),
        (" 1 , 0", "GPU-8f3b-1"),
        ("1,7", "GPU-8f3b-1"),
        ("GPU-8f3b-1", "GPU-8f3b-1"),
        ("GPU-8f3b", "GPU-8f3b-1"),
        ("MIG-5c", "MIG-5c"),
        ("", None),
        ("-1", None),
        ("7,0", None),
        ("NoDevFiles", None),
        ("GPU-8f3", None),  # the beginning of both
        ("GPU-0000", None),
        ("MIG-6d", None),
    ],
)
def test_the_gpu_is_cudas_first(installed: Installed, visible: str | None, gpu: str | None) -> None:
    installed(Driver(mig=["MIG-5c"]), visible)
    assert nvidia.gpu_name() == (gpu and f"Abacus {gpu}")


def test_a_hidden_gpu_is_said_to_be_hidden(installed: Installed) -> None:
    installed(Driver(), "")
    with pytest.raises(DeviceUnavailableError, match="CUDA_VISIBLE_DEVICES='' leaves no NVIDIA GPU of this machine"):
        devices.resolve("cuda", [])
    installed(Driver([]))
    with pytest.raises(DeviceUnavailableError, match="no NVIDIA GPU that its driver can see"):
        devices.resolve("cuda", [])


def test_every_question_closes_the_driver(installed: Installed) -> None:
    driver = installed(Driver())
    assert nvidia.gpu_driver.__wrapped__() == "600.1"
    assert nvidia.foreign_processes() == [4242]
    assert driver.asked == ["init", "shutdown"] * 2


@pytest.mark.parametrize(("visible", "pid"), [(None, 4242), ("1", 4243)])
def test_a_gpu_in_use_is_said_before_measuring(installed: Installed, visible: str | None, pid: int) -> None:
    installed(Driver(), visible)
    [sentence] = stability.complaints_at_start("cuda", busy=0.0)
    assert sentence.startswith(f"the GPU was in use by other processes ({pid}) before the start")
    assert stability.complaints_at_start("cpu", busy=0.0) == []


def test_without_a_driver_nothing_is_known(installed: Installed) -> None:
    installed(Driver([]))
    assert nvidia.gpu_name() is None
    assert nvidia.foreign_processes() == []
    assert nvidia.energy_meter() is None


def test_a_hidden_gpu_has_no_energy_meter_and_a_visible_one_gives_the_device_its_name(installed: Installed) -> None:
    installed(Driver(), visible="")
    assert nvidia.energy_meter() is None
    assert machine.device_name("cuda", 2) == "CUDA device"
    installed(Driver())
    assert machine.device_name("cuda", 2) == nvidia.gpu_name()
    assert nvidia.gpu_name() is not None
