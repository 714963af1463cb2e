"""A run's device: what was asked for, or the first on which all of its backends start."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.base import devices
from bench.base.devices import Device, resolve
from command import SUPPORT
from impls import registry
from impls.errors import LenetError

ABACUS = Device("abacus:0", "Abacus 3000", "7.1", (4242,))


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(SUPPORT))


def choices(*names: str) -> list[registry.Choice]:
    return [registry.choices(name)[0] for name in names]


def test_auto_takes_the_first_device_that_is_there() -> None:
    assert resolve("auto", choices("other_devices:Abacus")) == ABACUS


def test_a_device_is_described_by_its_probe_or_not_at_all() -> None:
    assert resolve("abacus:0", choices("other_devices:Abacus")) == ABACUS
    assert resolve("chip", choices("other_devices:Unknown")) == Device("chip")


def test_several_backends_share_a_device() -> None:
    """The first in the first class's order that all of them have."""
    assert resolve("auto", choices("other_devices:Unknown", "other_devices:Abacus")).name == "abacus:0"
    with pytest.raises(LenetError, match="other_devices:OnlyHere does not run on a device 'abacus:0'"):
        resolve("auto", choices("other_devices:Abacus", "other_devices:OnlyHere"))


@pytest.mark.parametrize(
    ("device", "name", "sentence"),
    [
        ("abacus:1", "other_devices:Abacus", "'abacus:1'; it runs on slide-rule or abacus:0 or cpu"),
        ("slide-rule", "other_devices:Abacus", "There is no slide rule in this drawer."),
        ("auto", "other_devices:Missing", "There is no slide rule in this drawer."),
        ("tpu", "pytorch:eager", "pytorch:eager does not run on a device 'tpu'; it runs on cuda or xpu or mps or cpu"),
        ("mps", "flax:jit", "flax:jit does not run on a device 'mps'; it runs on cuda or tpu or cpu"),
        ("My Chip", "pytorch:eager", "'My Chip' cannot be the name of a device"),
        ("../x", "other_devices:Abacus", "'../x' cannot be the name of a device"),
        ("", "other_devices:Abacus", "'' cannot be the name of a device"),
    ],
)
def test_what_cannot_be_is_a_sentence(device: str, name: str, sentence: str) -> None:
    with pytest.raises(LenetError) as raised:
        resolve(device, choices(name))
    assert sentence in str(raised.value)


def test_only_the_cpu_is_left_where_the_machine_has_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then no framework is imported to find that out; where there may be something, the backend is asked."""
    asked = []
    monkeypatch.setattr(devices, "_ask", lambda choice, *_, **__: asked.append(choice.label))
    monkeypatch.setattr(devices, "accelerator_possible", lambda: False)
    assert resolve("auto", choices("pytorch:eager", "flax:jit")) == Device("cpu")
    assert not asked
    monkeypatch.setattr(devices, "accelerator_possible", lambda: True)
    resolve("auto", choices("pytorch:eager"))
    assert asked == ["pytorch:eager"]


def test_a_node_of_another_vendor_may_be_a_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "gpu_name", lambda: None)
    monkeypatch.setattr(devices.sys, "platform", "linux")
    assert not devices.accelerator_possible(tmp_path)
    (tmp_path / "kfd").touch()
    assert devices.accelerator_possible(tmp_path)
